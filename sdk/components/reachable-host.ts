import { withHelp } from "../../provider/message.ts";
import type { LabHost } from "./lab-host.ts";

/** A lab host whose address the other lab hosts know. */
export interface ReachableHost {
  readonly host: LabHost;
  readonly address: string;
}

/**
 * Returns a lab host with its address.
 *
 * @throws Error for this machine, and for a lab host without an address.
 */
export function reachable(host: LabHost | undefined): ReachableHost {
  if (host === undefined) throw new Error(ON_THIS_MACHINE);
  if (host.address === undefined) throw new Error(withoutAddress(host));
  return { host, address: host.address };
}

const ON_THIS_MACHINE = withHelp(
  "it is on this machine, which has no name and no address for the lab hosts on the other side",
  'give this machine a LabHost as well, for example new LabHost("lab1", { ssh: "localhost", address: "192.168.1.11" })',
);

const withoutAddress = ({ name }: LabHost): string =>
  withHelp(
    `the lab host ${name} has no address at which the other lab hosts reach it`,
    `set address, for example new LabHost("${name}", { address: "192.168.1.12" })`,
  );

/** Returns whether two places are on one lab host. */
export const isSameHost = (one: LabHost | undefined, other: LabHost | undefined): boolean => one?.name === other?.name;
