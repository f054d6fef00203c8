import * as pulumi from "@pulumi/pulumi";
import { CYCLING_MASTER, type Generations, type Need, needsOf } from "../provider/generations.ts";
import { placeId as placeText } from "../provider/kind.ts";
import { withArticle } from "../provider/message.ts";
import { hostOf, hostText, type Place, placeKey, placeName, textOfPlace } from "./place.ts";
import { isMissing } from "./placeholder.ts";
import { recordPlainName } from "./plain-names.ts";
import { perProgram } from "./program.ts";
import { programError } from "./program-error.ts";
import { KernelResource } from "./resource.ts";

/** A network interface that other resources refer to: an end of a Veth, a Bridge, or another link. */
export interface Interface {
  readonly name: pulumi.Output<string>;
  /** The namespace of the interface; undefined on the lab host. */
  readonly namespace: pulumi.Output<string | undefined>;
}

/** An {@link Interface}, or the name of an interface that the program does not create. */
export type InterfaceRef = Interface | pulumi.Input<string>;

/** An interface that the program creates. */
export interface Origin {
  readonly resource: pulumi.Resource;
  /** The key of the interface within its resource: `a` or `b` of a Veth, `self` of a single link. */
  readonly side: string;
  readonly name: pulumi.Input<string>;
  readonly place: Place;
  /** The origin of its master. */
  readonly master?: Origin | undefined;
  /** The names of all ends of the link. */
  readonly ends: pulumi.Output<string>;
  /** Whether other links can have it as their master. */
  readonly isMaster?: boolean;
  /** Whether the kernel takes a link down and up when the interface becomes its master, or no longer is. */
  readonly cyclesMembers?: boolean;
  /** The routing table of the interfaces whose master it is, if they have one of their own. */
  readonly table?: pulumi.Output<number> | undefined;
}

/** Returns the names of a link's ends, each with its namespace. */
export const endsOf = (...ends: readonly { name: pulumi.Input<string>; namespace?: Place }[]): pulumi.Output<string> =>
  pulumi
    .all(ends.map(({ name, namespace }) => pulumi.all([placeName(namespace), name])))
    .apply((named) => named.map(([namespace, name]) => placeText(namespace, name)).join(":"));

/** Records the origin of an interface. */
export function recordInterface(link: Interface, origin: Origin): void {
  origins.set(link, origin);
  byOutput.set(link.name, origin);
  recordPlainName(link.name, "interface", origin.name);
  if (pulumi.CustomResource.isInstance(origin.resource)) byId.set(origin.resource.id, origin.resource);
  const key = keyOf(origin.name, origin.place);
  if (key !== undefined) byName().set(key, origin);
}

/** Records the place of an interface that the program only refers to: its lab host is known, and its namespace may not be. */
export function recordReference(link: Interface, place: Place): void {
  references.set(link, place);
}

/**
 * Returns the origin of an interface for an object in a place. An interface that is given by name is found if the name is its output
 * `name`, or a plain string, and the program has already declared the interface in that place; otherwise the result is undefined.
 *
 * @throws pulumi.RunError if the interface is on another lab host than the object.
 */
export function originOf(ref: InterfaceRef | undefined, place: Place): Origin | undefined {
  if (typeof ref === "object") {
    const origin = origins.get(ref);
    if (origin !== undefined) refuseOtherHost(origin.place, place);
    return origin ?? originNamed(byOutput.get(ref), place);
  }
  const key = ref === undefined ? undefined : keyOf(ref, place);
  return key === undefined ? undefined : byName().get(key);
}

/** Returns the origin of an interface whose name is given for an object in a place, if it is there. */
function originNamed(origin: Origin | undefined, place: Place): Origin | undefined {
  if (origin === undefined || isMissing(place)) return undefined;
  const [its, own] = [hostOf(origin.place), hostOf(place)];
  if (its?.name !== own?.name) {
    const [given, meant] = [its, own].map(hostText);
    throw programError(
      `the name of an interface on ${given} is given, and there it means an interface on ${meant}`,
      "give the interface itself: interface: bridge, in place of interface: bridge.name",
    );
  }
  const here = placeKey(place);
  return here !== undefined && placeKey(origin.place) === here ? origin : undefined;
}

/** Returns the interfaces in a place that are declared so far and whose names are plain strings. */
export function originsIn(place: Place): readonly Origin[] {
  const here = placeKey(place);
  return here === undefined ? [] : [...byName().values()].filter((one) => placeKey(one.place) === here);
}

/**
 * Returns the input by which a resource depends on a link: the names of the link's ends and, after `#`, the generations of the
 * needed properties. The text changes when the kernel has dropped one of these properties.
 */
export const attachmentTo = ({ resource, side, ends }: Origin, ...needs: readonly Need[]): pulumi.Output<string> =>
  pulumi.all([ends, generationsOf(resource)]).apply(([names, generations]) => {
    const generation = generations?.[side];
    return generation === undefined ? names : `${names}#${needs.map((need) => generation[need]).join(".")}`;
  });

/** Returns the inputs by which a link depends on its master. */
export const masterTies = (master: Origin | undefined): pulumi.Output<string>[] =>
  master === undefined
    ? []
    : [
        attachmentTo(master, "object"),
        ...(master.cyclesMembers ? [master.ends.apply((name) => CYCLING_MASTER + name)] : []),
      ];

/** Returns the routing table of an interface's routes that follows from its master: the kernel looks there, and not in `main`. */
export const gatewayTableOf = (
  { gateways, routes, gatewayTable }: { readonly [name in "gateways" | "routes" | "gatewayTable"]?: unknown },
  master: Origin | undefined,
): { readonly gatewayTable?: pulumi.Output<number> } =>
  (gateways ?? routes) === undefined || gatewayTable !== undefined || master?.table === undefined
    ? {}
    : { gatewayTable: master.table };

/** Returns the input by which a resource with addresses depends on a link. See {@link needsOf}. */
export const attachmentWith = (
  origin: Origin,
  addresses: readonly (pulumi.Input<string> | undefined)[],
  ...needs: readonly Need[]
): pulumi.Output<string> =>
  pulumi
    .all(addresses.map((address) => address ?? ""))
    .apply((texts) => attachmentTo(origin, ...needsOf(texts, needs)));

/**
 * Returns the name of an interface as an input for the provider.
 *
 * @throws pulumi.RunError for the id of a link, and for a resource that is not one interface, which only a program without types can give.
 */
export function interfaceName(ref: InterfaceRef | undefined): pulumi.Input<string> | undefined {
  const ofId = typeof ref === "object" ? byId.get(ref) : undefined;
  if (ofId !== undefined) throw idOf(ofId);
  if (ref === undefined || !isInterface(ref)) return ref;
  if (!pulumi.Output.isInstance(ref.name) || isOther(ref)) throw notAnInterface(ref);
  return ref.name;
}

/**
 * Returns the name of an interface as an input for an object in a place. The name means an interface of that place.
 *
 * @throws pulumi.RunError for an interface that the program creates in another place, and for a resource that is not one interface.
 */
export function interfaceAt(ref: InterfaceRef | undefined, place: Place): pulumi.Input<string> | undefined {
  const origin = typeof ref === "object" ? origins.get(ref) : undefined;
  const [its, own] = [origin && placeKey(origin.place), placeKey(place)];
  if (its !== undefined && own !== undefined && its !== own)
    throw programError(
      `an interface of ${textOfPlace(origin?.place)} is given for an object in ${textOfPlace(place)}`,
      "leave out namespace, or give an interface of the same place",
    );
  return interfaceName(ref);
}

/**
 * Returns the name of the master of a link in a place as an input for the provider.
 *
 * @throws pulumi.RunError for an interface that cannot be a master, and as {@link interfaceAt}.
 */
export function masterAt(ref: InterfaceRef | undefined, place: Place): pulumi.Input<string> | undefined {
  const origin = typeof ref === "object" ? origins.get(ref) : undefined;
  if (origin !== undefined && origin.isMaster !== true)
    throw programError(
      `${withArticle(origin.resource.constructor.name)} is given where a master is required`,
      "use a Bridge, a Bond or a Vrf",
    );
  return interfaceAt(ref, place);
}

/** Returns the place of an object on an interface: the declared one, or the interface's own. */
export function placeOn(ref: InterfaceRef | undefined, said: Place): Place {
  if (said !== undefined || typeof ref !== "object") return said;
  return origins.has(ref) ? origins.get(ref)?.place : references.get(ref);
}

/**
 * Refuses two places on different lab hosts for one link.
 *
 * @throws pulumi.RunError
 */
export function refuseOtherHost(one: Place, other: Place): void {
  if (isMissing(one) || isMissing(other)) return;
  const [left, right] = [hostOf(one), hostOf(other)];
  if (left?.name === right?.name) return;
  const [here, there] = [left, right].map(hostText);
  throw programError(
    `one end of a link is on ${here} and the other one on ${there}`,
    "a veth pair, and a link with its master or parent, are on one lab host; a Link, a Lan or a tunnel such as Vxlan connects several",
  );
}

/** Returns the namespace of an object on an interface as an input for the provider. */
export function namespaceOn(ref: InterfaceRef | undefined, said: Place): pulumi.Input<string | undefined> {
  const made = ref === undefined || !isInterface(ref) || origins.has(ref);
  // A declared place is known at preview; an omitted output is not.
  return made || said !== undefined ? placeName(placeOn(ref, said)) : ref.namespace;
}

const origins = new WeakMap<object, Origin>();
const references = new WeakMap<object, Place>();
const byOutput = new WeakMap<object, Origin>();
const byId = new WeakMap<object, pulumi.Resource>();
const byName = perProgram(() => new Map<string, Origin>());

function keyOf(name: pulumi.Input<string>, place: Place): string | undefined {
  const where = placeKey(place);
  return typeof name === "string" && where !== undefined ? `${where}/${name}` : undefined;
}

const generationsOf = (resource: pulumi.Resource): pulumi.Input<Generations | undefined> =>
  (resource as pulumi.Resource & { __generations?: pulumi.Output<Generations | undefined> }).__generations;

const idOf = (resource: pulumi.Resource): Error =>
  programError(
    `the id of ${withArticle(resource.constructor.name)} is given where an interface is required`,
    "a" in resource
      ? "give one of its ends: .a or .b"
      : "give the interface itself: interface: bridge, in place of interface: bridge.id",
  );

function notAnInterface(ref: object): Error {
  if ("a" in ref && "b" in ref)
    return programError("a pair of interfaces is given where one interface is required", "use its end .a or .b");
  const given = pulumi.Resource.isInstance(ref) ? withArticle(ref.constructor.name) : "an object without an interface";
  return programError(`${given} is given where one interface is required`, "use a Bridge, a link or an end of a Veth");
}

/** Returns true for a resource or a component that is no interface. One of another copy of this package is not recorded in this one. */
const isOther = (ref: Interface): boolean =>
  (ref instanceof KernelResource || pulumi.ComponentResource.isInstance(ref)) &&
  !origins.has(ref) &&
  !references.has(ref);

const isInterface = (ref: InterfaceRef | null): ref is Interface =>
  typeof ref === "object" && ref !== null && !pulumi.Output.isInstance(ref) && !(ref instanceof Promise);
