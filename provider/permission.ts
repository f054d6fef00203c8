import { readFileSync } from "node:fs";

/** Tells, from what /proc says of this process, that it may not change a network; undefined when it may. */
export function lackOfPermission(status = readFileSync("/proc/self/status", "utf8")): string | undefined {
  const [, effective = "0"] = /^CapEff:\s*([0-9a-f]+)$/m.exec(status) ?? [];
  const mayAdministerNetworks = (BigInt(`0x${effective}`) & CAP_NET_ADMIN) !== 0n;
  return mayAdministerNetworks ? undefined : ADVICE;
}

const CAP_NET_ADMIN = 1n << 12n;

const ADVICE =
  "This process may not change networks (it has no CAP_NET_ADMIN), so an up will fail.\n" +
  "  what to do: run pulumi as root, or without root in a sandbox: unshare --user --map-root-user --net --mount";
