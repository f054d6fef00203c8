import type { Cases } from "./case.ts";
import { IP_CASES } from "./ip-cases.ts";
import { IP_QUERY_CASES } from "./ip-query-cases.ts";
import { LINK_CASES } from "./link-cases.ts";
import { NFT_CASES } from "./nft-cases.ts";
import { SYSCTL_CASES } from "./sysctl-cases.ts";
import { WG_CASES } from "./wg-cases.ts";

/** The tools that answer the cases, each with the command that prints its version, and where the version is in that. */
export const TOOLS = {
  iproute2: { cases: { ...IP_CASES, ...IP_QUERY_CASES }, version: ["ip", "-V"], pattern: /iproute2-([\w.]+)/ },
  "iproute2-links": { cases: LINK_CASES, version: ["ip", "-V"], pattern: /iproute2-([\w.]+)/ },
  nftables: { cases: NFT_CASES, version: ["nft", "-v"], pattern: /nftables v([\w.]+)/ },
  "procps-ng": { cases: SYSCTL_CASES, version: ["sysctl", "-V"], pattern: /procps-ng ([\w.]+)/ },
  "wireguard-tools": { cases: WG_CASES, version: ["wg", "--version"], pattern: /wireguard-tools v([\w.]+)/ },
} as const satisfies Record<string, { cases: Cases; version: readonly [string, string]; pattern: RegExp }>;

/** The tools whose cases need features that a kernel may lack. */
export const OF_FEATURES: readonly Tool[] = ["iproute2-links", "wireguard-tools"];

export type Tool = keyof typeof TOOLS;
