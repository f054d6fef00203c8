import { splitPlace } from "../lab/hosts.ts";
import type { InterfaceAddress, Link, Network } from "../lab/network.ts";
import type { Message } from "../provider/message.ts";

/** A resource as a program declares it. Unknown values are null. */
export interface Declared {
  /** Its class name. */
  readonly type: string;
  readonly name: string;
  readonly args: unknown;
}

export type Lab = Network<Declared>;
export type LabLink = Link<Declared>;
/** An address of an interface of the lab. */
export type OnInterface = InterfaceAddress<Declared>;

/** A configuration of a lab that is valid but probably a mistake. */
export interface Finding extends Message {
  /** The resource at which it is reported. */
  readonly about: Declared;
  /** Its argument that the kernel certainly refuses. Such a finding is an error, unless the configuration has another level. */
  readonly refused?: string;
}

export type Check = (lab: Lab) => Finding[];

/** Returns the name of a resource in messages. */
export const describe = ({ type, name }: Declared): string => `${type} ${name}`;

/** Returns the name of a place in messages. */
export function describePlace(place: string): string {
  const { host, namespace } = splitPlace(place);
  if (namespace === undefined) return host === undefined ? "the lab host" : `the lab host ${host}`;
  return host === undefined ? `the namespace ${namespace}` : `the namespace ${namespace} on ${host}`;
}

/** Returns whether a place is the network stack of a lab host. */
export const isLabHost = (place: string): boolean => splitPlace(place).namespace === undefined;

/** Returns texts as a list, of which only the beginning is shown if it is long. */
export const shortList = (texts: readonly string[]): string =>
  texts.length <= MOST ? texts.join(", ") : `${texts.slice(0, MOST).join(", ")} and ${texts.length - MOST} more`;

const MOST = 4;
