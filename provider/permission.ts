import { readFileSync } from "node:fs";
import { withHelp } from "./message.ts";

/** Returns a warning, from /proc, about a capability that a lab needs and this process lacks; undefined if it has all. */
export function missingCapability(status = readFileSync("/proc/self/status", "utf8")): string | undefined {
  const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  const may = (capability: bigint) => (BigInt(`0x${effective}`) & (1n << capability)) !== 0n;
  if (!may(CAP_NET_ADMIN)) return NO_NETWORKS;
  return may(CAP_SYS_ADMIN) ? undefined : NO_NAMESPACES;
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
