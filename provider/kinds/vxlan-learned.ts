import type { KernelClient } from "../kernel/kernel.ts";
import { ALL_ZERO, bridgeCommand, type FdbEntry, showFdb } from "../kernel/tools/bridge.ts";
import type { Plan } from "../plan.ts";
import { hasVni, vniChanges, vnisOf } from "../vnis.ts";
import type { LinkPlace } from "./link.ts";

/*
 * The entries that a VXLAN has learned from frames: the remote end behind which a station is. The kernel keeps them when the ends of the
 * tunnel change, and sends to the former end for as long as `ageing`.
 */

interface LearningLink extends LinkPlace {
  readonly local?: string | undefined;
  readonly remote?: string | undefined;
  readonly group?: string | undefined;
  readonly flood?: readonly string[] | undefined;
  readonly vnis?: readonly string[] | undefined;
}

/** Plans the deletes of the learned entries that may lead to another end than the one behind which the station will be. */
export async function outdatedEntries(kernel: KernelClient, is: LearningLink, wanted: LearningLink): Promise<Plan> {
  const areAll = (["local", "remote", "group"] as const).some((end) => is[end] !== wanted[end]);
  const ends = (is.flood ?? []).filter((end) => !wanted.flood?.includes(end));
  const vnis = vnisOf(vniChanges(vnisOf(is.vnis ?? []), vnisOf(wanted.vnis ?? [])).remove);
  if (!areAll && ends.length + vnis.length === 0) return [];
  const isOutdated = ({ dst = "", src_vni: vni }: FdbEntry) =>
    areAll || ends.includes(dst) || (vni !== undefined && hasVni(vnis, vni));
  const { namespace, name } = wanted;
  const entries = ((await showFdb(kernel, namespace, name)) ?? []).filter((one) => isLearned(one) && isOutdated(one));
  const fdb = (...words: readonly string[]) => bridgeCommand(namespace, name, "fdb", ...words);
  return [
    ...entries.map((entry) => ({ run: fdb("del", ...wordsOf(entry, name)), tolerate: ["absent"] as const })),
    // A tunnel may have learned its own stations while it led to its own place. Kernels before 6.7 have no such command for a VXLAN.
    ...(areAll ? [{ run: fdb("flush", "dev", name, ...LEARNED), tolerate: ["unsupported", "failed"] as const }] : []),
  ];
}

/** Returns whether the kernel has learned an entry itself. Those that a routing daemon has added are the daemon's. */
const isLearned = ({ mac, dst, state, flags }: FdbEntry): boolean =>
  mac !== ALL_ZERO && dst !== undefined && state === "" && !flags.includes("extern_learn");

const LEARNED = ["self", "nopermanent", "nostatic", "noextern_learn"];

const wordsOf = ({ mac, src_vni: vni }: FdbEntry, name: string): string[] => [
  ...[mac, "dev", name, "self"],
  ...(vni === undefined ? [] : ["src_vni", String(vni)]),
];
