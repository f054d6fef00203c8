import type { InterfaceAddress, Link, Network } from "../lab/network.ts";
import type { Message } from "../provider/message.ts";

/** A resource as a program declares it. A value that is not known yet is null. */
export interface Declared {
  /** The name of its class. */
  readonly type: string;
  readonly name: string;
  readonly args: unknown;
}

export type Lab = Network<Declared>;
export type LabLink = Link<Declared>;
/** An address, as an interface of the lab has it. */
export type OnInterface = InterfaceAddress<Declared>;

/** Something in a lab that is allowed and probably a mistake. */
export interface Finding extends Message {
  /** The resource that it is shown at. */
  readonly about: Declared;
}

export type Check = (lab: Lab) => Finding[];

/** A resource, as messages name it. */
export const describe = ({ type, name }: Declared): string => `${type} ${name}`;

/** A place, as messages name it. */
export const describePlace = (place: string): string => (place === "" ? "the lab host" : `the namespace ${place}`);
