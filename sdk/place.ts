import * as pulumi from "@pulumi/pulumi";
import { withArticle } from "../provider/message.ts";
import { LAB_HOST } from "../provider/values.ts";
import { defaultHost, LabHost } from "./components/lab-host.ts";
import type { Namespace } from "./namespace.ts";
import { hostOfNamespace, isRecorded, namespaceNamedBy, plainNameOf } from "./namespace-names.ts";
import { programError } from "./program-error.ts";
import { isReference, KernelResource } from "./resource.ts";

/**
 * The location of an object: a {@link Namespace}, the name of one, a component with a namespace (a {@link Host} or {@link Router}), a
 * {@link LabHost} for its own network stack, or undefined for that of the default lab host, which is this machine.
 */
export type Place = Namespace | Inhabited | LabHost | pulumi.Input<string> | undefined;

/** A component that has a namespace of its own. */
export interface Inhabited extends pulumi.ComponentResource {
  readonly namespace: Namespace;
}

/** Returns the name of a namespace as an input for the provider. */
export function placeName(place: Place): pulumi.Input<string> | undefined {
  const namespace = namespaceOf(place);
  if (isNamespace(namespace)) return namespace.name;
  if (namespaceNamedBy(namespace) !== undefined) return namespace;
  const isLater = pulumi.Output.isInstance(namespace) || namespace instanceof Promise;
  return isLater ? pulumi.output(namespace).apply(onlyName) : namespace;
}

/**
 * Returns the lab host of a place; undefined for this machine. A namespace that is given by its name is on the default lab host.
 *
 * @throws pulumi.RunError for the name of a namespace that the program declares on another lab host.
 */
export function hostOf(place: Place): LabHost | undefined {
  if (place instanceof LabHost) return place;
  const namespace = namespaceOf(place);
  if (isNamespace(namespace)) return hostOfNamespace(namespace);
  const named = namespaceNamedBy(namespace);
  if (named !== undefined) refuseNameElsewhere(hostOfNamespace(named));
  return defaultHost();
}

/**
 * Returns the namespace of a place; undefined for the network stack of a lab host.
 *
 * @throws pulumi.RunError for a resource that has no namespace, which only a program without types can give.
 */
export function namespaceOf(place: Place): Exclude<Place, Inhabited | LabHost> {
  if (place instanceof LabHost) return undefined;
  if (!pulumi.Resource.isInstance(place)) return place;
  const namespace = pulumi.ComponentResource.isInstance(place) ? (place as Partial<Inhabited>).namespace : place;
  if (isNamespace(namespace)) return namespace;
  throw programError(`${withArticle(place.constructor.name)} is given where a namespace is required`, USE_A_PLACE);
}

/**
 * Checks a place that a resource is given.
 *
 * @throws pulumi.RunError as {@link hostOf}, and as {@link namespaceOf}.
 */
export function requirePlace(place: Place): void {
  if (pulumi.Resource.isInstance(place) || namespaceNamedBy(place) !== undefined) hostOf(place);
}

/** Names a lab host in a message. */
export const hostText = (host: LabHost | undefined): string =>
  host === undefined ? "this machine" : `the lab host ${host.name}`;

/** Returns a key of a place that equals that of the same place; undefined if the name of the namespace is not known yet. */
export function placeKey(place: Place): string | undefined {
  const name = plainName(place);
  return name === undefined ? undefined : `${hostOf(place)?.name ?? ""}:${name}`;
}

/** Returns whether two places may be the same. A name that is not known yet may be any name. */
export function mayBeSamePlace(one: Place, other: Place): boolean {
  const [left, right] = [placeKey(one), placeKey(other)];
  if (left !== undefined && right !== undefined) return left === right;
  if (hostOf(one)?.name !== hostOf(other)?.name) return false;
  const [its, others] = [namespaceOf(one), namespaceOf(other)];
  if (its === others) return true;
  if (its === undefined || others === undefined) return false;
  return !(ownsPlace(one) && ownsPlace(other));
}

/** Returns the name of a namespace if it is a plain string, and the empty string for a lab host. */
function plainName(place: Place): string | undefined {
  const given = namespaceOf(place);
  const namespace = namespaceNamedBy(given) ?? given;
  const name = isNamespace(namespace) ? plainNameOf(namespace) : (namespace ?? "");
  return typeof name === "string" ? name : undefined;
}

/** Names a place in a message, if the name of its namespace is known. */
export function textOfPlace(place: Place): string {
  const [host, name] = [hostOf(place), plainName(place)];
  if (name === "") return hostText(host);
  return `the namespace ${name}${host === undefined ? "" : ` of ${hostText(host)}`}`;
}

/** Returns the place that carries a tunnel's packets: its `underlay`, or the tunnel's own place. */
export const underlayPlace = (underlay: Place, own: Place): Place =>
  underlay === LAB_HOST ? hostOf(own) : (underlay ?? own);

/** Returns true if the program creates the namespace. */
export function ownsPlace(place: Place): boolean {
  const namespace = namespaceOf(place);
  return isNamespace(namespace) && !isReference(namespace);
}

/** Returns true for a namespace. One of another copy of this package is not recorded in this one. */
const isNamespace = (place: unknown): place is Namespace =>
  pulumi.Resource.isInstance(place) &&
  (isRecorded(place) ||
    (!(place instanceof KernelResource) && "name" in place && pulumi.Output.isInstance(place.name)));

const USE_A_PLACE = "use a Namespace, a Host, a Router, a LabHost or the name of a namespace";

/** Returns a name that was an Output or a promise. The lab host of an object in one of them would not be known in time. */
function onlyName(value: unknown): string {
  if (typeof value !== "object" || value === null) return value as string;
  throw programError(
    "an Output or a promise of an object is given where a namespace is required",
    `give the object itself, or an Output of a name: ${USE_A_PLACE}`,
  );
}

function refuseNameElsewhere(host: LabHost | undefined): void {
  const usual = defaultHost();
  if (host?.name === usual?.name) return;
  const [given, meant] = [host, usual].map(hostText);
  throw programError(
    `the name of a Namespace on ${given} is given, and a name means a namespace on ${meant}`,
    "give the Namespace itself: namespace: red, in place of namespace: red.name",
  );
}
