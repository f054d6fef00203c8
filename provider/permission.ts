import { readFileSync } from "node:fs";

/** Tells, from what /proc says of this process, what it may not do that a lab needs; undefined when it may do all. */
export function lackOfPermission(status = readFileSync("/proc/self/status", "utf8")): string | undefined {
  const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  const may = (capability: bigint) => (BigInt(`0x${effective}`) & (1n << capability)) !== 0n;
  if (!may(CAP_NET_ADMIN)) return NO_NETWORKS;
  return may(CAP_SYS_ADMIN) ? undefined : NO_NAMESPACES;
}

const CAP_NET_ADMIN = 12n;
const CAP_SYS_ADMIN = 21n;

const NO_NETWORKS =
  "This process may not change networks (it has no CAP_NET_ADMIN), so an up will fail.\n" +
  "  what to do: run pulumi as root, or without root in a sandbox: unshare --user --map-root-user --net --mount";

const NO_NAMESPACES =
  "This process may not make or enter namespaces (it has no CAP_SYS_ADMIN), so an up of a program with namespaces will fail.\n" +
  "  what to do: run pulumi as root; in a container, with docker run --privileged, or --cap-add NET_ADMIN --cap-add SYS_ADMIN " +
  "--security-opt apparmor=unconfined; or without root in a sandbox: unshare --user --map-root-user --net --mount";
