import * as pulumi from "@pulumi/pulumi";
import { place } from "../provider/kind.ts";
import { type Place, placeName } from "./place.ts";

/** An interface of the lab, as other resources refer to it: one end of a Veth, or a Bridge. */
export interface Interface {
  readonly name: pulumi.Output<string>;
  /** The namespace that it is in; undefined on the lab host. */
  readonly namespace: pulumi.Output<string | undefined>;
}

/** An {@link Interface}, or the name of one that the program does not make. */
export type InterfaceRef = Interface | pulumi.Input<string>;

/** The names of a link's ends, each with its place. */
export const endsOf = (...ends: readonly { name: pulumi.Input<string>; namespace?: Place }[]): pulumi.Output<string> =>
  pulumi
    .all(ends.map(({ name, namespace }) => pulumi.all([placeName(namespace), name])))
    .apply((named) => named.map(([namespace, name]) => place(namespace, name)).join(":"));

/** What the SDK knows of an interface that a program makes. */
export interface Origin {
  readonly resource: pulumi.Resource;
  /** The names of the link's ends, which tell it from another that takes over one of them. */
  readonly ends: pulumi.Output<string>;
  readonly place: Place;
}

/** Notes where an interface comes from. */
export function register(link: Interface, origin: Origin): void {
  origins.set(link, origin);
}

/** Where an interface comes from; undefined for one that the program only names. */
export const originOf = (ref: InterfaceRef | undefined): Origin | undefined =>
  typeof ref === "object" ? origins.get(ref) : undefined;

/** The name of an interface, as the provider takes it. */
export const interfaceName = (ref: InterfaceRef): pulumi.Input<string> => (isInterface(ref) ? ref.name : ref);

/** The place of what lies on an interface: where the program says, else where the interface is. */
export const placeOn = (ref: InterfaceRef | undefined, said: Place): Place => said ?? originOf(ref)?.place;

/** The namespace of what lies on an interface, as the provider takes it. */
export function namespaceOn(ref: InterfaceRef | undefined, said: Place): pulumi.Input<string | undefined> {
  const made = originOf(ref) !== undefined || ref === undefined || !isInterface(ref);
  // What the program says of a place is known at preview, and an output that is left out is not.
  return made || said !== undefined ? placeName(placeOn(ref, said)) : ref.namespace;
}

const origins = new WeakMap<object, Origin>();

const isInterface = (ref: InterfaceRef): ref is Interface =>
  typeof ref === "object" && !pulumi.Output.isInstance(ref) && !(ref instanceof Promise);
