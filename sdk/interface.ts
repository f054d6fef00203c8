import * as pulumi from "@pulumi/pulumi";
import type { Generation, Generations } from "../provider/generations.ts";
import { place as placeText } from "../provider/kind.ts";
import { type Place, placeName, plainPlace } from "./place.ts";
import { program } from "./program.ts";

/** An interface of the lab, as other resources refer to it: one end of a Veth, a Bridge, or another link. */
export interface Interface {
  readonly name: pulumi.Output<string>;
  /** The namespace that it is in; undefined on the lab host. */
  readonly namespace: pulumi.Output<string | undefined>;
}

/** An {@link Interface}, or the name of one that the program does not make. */
export type InterfaceRef = Interface | pulumi.Input<string>;

/** An interface that the program makes. */
export interface Origin {
  readonly resource: pulumi.Resource;
  /** The name of the interface among those of its resource: `a` or `b` of a Veth, `self` of a single link. */
  readonly side: string;
  readonly name: pulumi.Input<string>;
  readonly place: Place;
  /** The names of all ends of the link. */
  readonly ends: pulumi.Output<string>;
}

/** The names of a link's ends, each with its place. */
export const endsOf = (...ends: readonly { name: pulumi.Input<string>; namespace?: Place }[]): pulumi.Output<string> =>
  pulumi
    .all(ends.map(({ name, namespace }) => pulumi.all([placeName(namespace), name])))
    .apply((named) => named.map(([namespace, name]) => placeText(namespace, name)).join(":"));

/** Notes where an interface comes from. */
export function register(link: Interface, origin: Origin): void {
  origins.set(link, origin);
  const key = keyOf(origin.name, origin.place);
  if (key === undefined) return;
  const known = named.get(program()) ?? new Map<string, Origin>();
  named.set(program(), known.set(key, origin));
}

/**
 * Where an interface comes from. A name counts as well, where it and its place are plain text and the program has made such
 * an interface before; undefined for any other interface that the program only names.
 */
export function originOf(ref: InterfaceRef | undefined, place?: Place): Origin | undefined {
  if (typeof ref === "object") return origins.get(ref);
  const key = ref === undefined ? undefined : keyOf(ref, place);
  return key === undefined ? undefined : named.get(program())?.get(key);
}

/** What of a link a resource needs: the link itself, its IPv6, or that its routes stay. */
export type Need = keyof Generation;

/**
 * A link as a resource that lies on it keeps it in its inputs: the names of its ends and, behind `#`, the generations of what
 * the resource needs of it. The text changes when the kernel has taken that away.
 */
export const linkOf = ({ resource, side, ends }: Origin, ...needs: readonly Need[]): pulumi.Output<string> =>
  pulumi.all([ends, generationsOf(resource)]).apply(([names, generations]) => {
    const generation = generations?.[side];
    return generation === undefined ? names : `${names}#${needs.map((need) => generation[need]).join(".")}`;
  });

/** Whether an argument is an IPv6 address or network. A program without types may give anything. */
export const isIpv6 = (given: unknown): boolean => typeof given === "string" && given.includes(":");

/** The name of an interface, as the provider takes it. */
export const interfaceName = (ref: InterfaceRef | undefined): pulumi.Input<string> | undefined =>
  ref !== undefined && isInterface(ref) ? ref.name : ref;

/** The place of what lies on an interface: where the program says, else where the interface is. */
export const placeOn = (ref: InterfaceRef | undefined, said: Place): Place => said ?? originOf(ref)?.place;

/** The namespace of what lies on an interface, as the provider takes it. */
export function namespaceOn(ref: InterfaceRef | undefined, said: Place): pulumi.Input<string | undefined> {
  const made = originOf(ref) !== undefined || ref === undefined || !isInterface(ref);
  // What the program says of a place is known at preview, and an output that is left out is not.
  return made || said !== undefined ? placeName(placeOn(ref, said)) : ref.namespace;
}

const origins = new WeakMap<object, Origin>();
const named = new WeakMap<object, Map<string, Origin>>();

function keyOf(name: pulumi.Input<string>, place: Place): string | undefined {
  const namespace = plainPlace(place);
  return typeof name === "string" && namespace !== undefined ? `${namespace}/${name}` : undefined;
}

const generationsOf = (resource: pulumi.Resource): pulumi.Input<Generations | undefined> =>
  (resource as pulumi.Resource & { __generations?: pulumi.Output<Generations | undefined> }).__generations;

const isInterface = (ref: InterfaceRef): ref is Interface =>
  typeof ref === "object" && !pulumi.Output.isInstance(ref) && !(ref instanceof Promise);
