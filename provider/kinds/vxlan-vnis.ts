import type { KernelClient } from "../kernel/kernel.ts";
import { bridgeCommand, showVnis } from "../kernel/tools/bridge.ts";
import type { Link } from "../kernel/tools/ip.ts";
import type { Plan } from "../plan.ts";
import { vniChanges, vnisOf, vniTexts } from "../vnis.ts";
import type { LinkPlace } from "./link.ts";

/*
 * The identifiers that a VXLAN with `vnifilter` carries.
 */

interface FilteringLink extends LinkPlace {
  readonly vnis?: readonly string[] | undefined;
}

export const vniSettings = {
  async observe(kernel: KernelClient, { namespace, name }: FilteringLink, { linkinfo }: Link) {
    if (linkinfo?.info_data?.["vnifilter"] !== true) return {};
    const vnis = vniTexts((await showVnis(kernel, namespace, name)) ?? []);
    return vnis.length === 0 ? {} : { vnis };
  },

  plan({ vnis: has = [] }: FilteringLink = { name: "" }, { namespace, name, vnis = [] }: FilteringLink): Plan {
    const { remove, add } = vniChanges(vnisOf(has), vnisOf(vnis));
    const change = (verb: "add" | "delete", text: string) =>
      bridgeCommand(namespace, name, "vni", verb, "dev", name, "vni", ...text.split(" "));
    return [
      // An identifier that gets another remote end is deleted first: the kernel would flood to both.
      ...remove.map((text) => ({ run: change("delete", text), tolerate: ["absent"] as const })),
      ...add.map((text) => ({ run: change("add", text) })),
    ];
  },
};
