import { readFileSync } from "node:fs";
import { withHelp } from "./message.ts";

/** Returns a warning, from /proc, about a capability that a lab needs and this process lacks; undefined if it has all. */
export function missingCapability(status = readFileSync("/proc/self/status", "utf8")): string | undefined {
  const has = capabilities(status);
  if (!has(CAP_NET_ADMIN)) return NO_NETWORKS;
  return has(CAP_SYS_ADMIN) ? undefined : NO_NAMESPACES;
}

/** Returns a warning about a capability that the user of a connection to a lab host lacks; undefined if it has all. */
export function missingRemoteCapability(status: string): string | undefined {
  const has = capabilities(status);
  return has(CAP_NET_ADMIN) && has(CAP_SYS_ADMIN)
    ? undefined
    : withHelp(
        "the user of the connection may not change networks (CAP_NET_ADMIN or CAP_SYS_ADMIN is missing), so `pulumi up` will fail",
        "log in as root, or set sudo: true on the LabHost",
      );
}

/** Returns a function that returns whether a process has a capability. */
function capabilities(status: string): (capability: bigint) => boolean {
  const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  return (capability) => (BigInt(`0x${effective}`) & (1n << capability)) !== 0n;
}

const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

const NO_NETWORKS = withHelp(
  "this process cannot change networks (CAP_NET_ADMIN is missing), so `pulumi up` will fail",
  "run pulumi as root, or without root in a sandbox: pulumi-netns sandbox",
);

const NO_NAMESPACES = withHelp(
  "this process cannot create or enter namespaces (CAP_SYS_ADMIN is missing), so `pulumi up` of a program with namespaces will fail",
  "run pulumi as root; in a container, with docker run --privileged, or --cap-add NET_ADMIN --cap-add SYS_ADMIN " +
    "--security-opt apparmor=unconfined; or without root in a sandbox: pulumi-netns sandbox",
);
