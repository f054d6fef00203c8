import * as v from "valibot";
import type { KernelClient } from "../kernel/kernel.ts";
import type { Link } from "../kernel/tools/ip.ts";
import type { Plan } from "../plan.ts";
import { field } from "../schema.ts";
import { interfaceName } from "../values.ts";
import {
  type AddressingChange,
  addressingState,
  type ObservedAddressing,
  observeAddressing,
  planAddressing,
} from "./addressing.ts";
import { addresses, gateways, gatewayTable } from "./addressing-args.ts";
import { type PortArgs, port, portState, updatePort, withVlans } from "./bridge-port.ts";
import { type CurrentLink, type LinkArgs, linkFields, linkMark, linkState, updateLink } from "./link.ts";
import { type LinkNames, type NameConflict, observeByNames, releaseNames, setAltname } from "./link-names.ts";
import { linkNetem, netemState, observeNetem, planNetem } from "./link-netem.ts";
import { cyclesOnMasterChange, isControlled } from "./master.ts";
import type { NetemOptions } from "./netem-options.ts";

/*
 * An interface: a link with its names, addresses, default routes and netem. A single link is one interface, and a veth pair is two.
 */

/** The arguments of every interface, except for its MTU, whose default depends on the kind. */
export const interfaceFields = {
  ...linkFields,
  master: v.optional(field(interfaceName())),
  port: port(),
  netem: linkNetem(),
  addresses: addresses(),
  gateways: gateways(),
  gatewayTable: gatewayTable(),
};

/** The arguments of an interface. */
export type InterfaceArgs = LinkArgs &
  AddressingChange["desired"] & {
    readonly port?: PortArgs | undefined;
    readonly netem?: NetemOptions | undefined;
  };

/** What was observed in the place of an interface. */
export interface ObservedInterface {
  readonly link: Link | undefined;
  /** The mark of the link; undefined if it has none, or if there is no link. */
  readonly mark: string | undefined;
  readonly conflicts: readonly NameConflict[];
  readonly addressing: ObservedAddressing;
}

/** Queries the link with the name of an interface, the links that conflict with its names, and its addresses and default routes. */
export async function observeInterface(
  kernel: KernelClient,
  wanted: InterfaceArgs,
  mark: string,
): Promise<ObservedInterface> {
  const { link: found, conflicts } = await observeByNames(kernel, wanted, mark);
  const link = found && (await withVlans(kernel, wanted, found));
  const addressing = await observeAddressing(kernel, wanted, link, mark);
  const cycles = await cyclesOnMasterChange(kernel, wanted, link);
  const netem = await observeNetem(kernel, wanted, link, mark);
  return { link, mark: link && linkMark(wanted, link, mark), conflicts, addressing: { ...addressing, cycles, netem } };
}

/** Returns an observed interface in terms of its arguments. */
export const interfaceState = (wanted: InterfaceArgs, link: Link, addressing: ObservedAddressing) => ({
  ...linkState(link, wanted),
  ...portState(link, wanted),
  ...netemState(addressing.netem),
  ...addressingState(wanted, addressing),
});

/** A change of an interface that exists by the time of the change. */
export interface InterfaceChange extends Omit<AddressingChange, "was" | "desired"> {
  readonly current: CurrentLink & Pick<InterfaceArgs, "port">;
  /** The links that have the altname, unless they were dealt with before. */
  readonly conflicts?: readonly NameConflict[];
  readonly was?: LinkNames | undefined;
  readonly desired: InterfaceArgs;
}

/** Plans the change of an interface to the desired attributes, mark, settings as a bridge port, altname, addresses and default routes. */
export const configureInterface = ({ current, conflicts = [], was, desired, ...found }: InterfaceChange): Plan => [
  ...updateLink(
    { ...current, isControlled: found.addressing?.link !== undefined && isControlled(found.addressing.link) },
    desired,
    found.mark,
  ),
  ...updatePort(current, desired),
  ...releaseNames(conflicts, found.mark),
  ...setAltname({ link: found.addressing?.link, was, desired }),
  ...planAddressing({ ...found, was, desired }),
  ...planNetem(found.addressing?.netem, desired, found.mark),
];
