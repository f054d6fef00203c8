import type { Kernel } from "./kernel/kernel.ts";
import { type BaseChain, listChains } from "./kernel/tools/nft.ts";
import { readSysctl } from "./kernel/tools/sysctl.ts";

/** Tells of a firewall that drops what a place is to forward of a family; undefined when none does. */
export async function forwardingIsEaten(
  kernel: Kernel,
  namespace: string | undefined,
  family: "ip" | "ip6",
): Promise<string | undefined> {
  const chains = await listChains(kernel, namespace);
  const eater = chains.find(
    (chain) =>
      ["inet", family].includes(chain.family) &&
      chain.type === "filter" &&
      chain.hook === "forward" &&
      chain.policy === "drop",
  );
  return eater && advice(eater, namespace);
}

/** Tells of a firewall that drops also what a bridge switches, as far as IPv4 goes; undefined when none does. */
export async function switchingIsEaten(kernel: Kernel, namespace: string | undefined): Promise<string | undefined> {
  const filtered = (await readSysctl(kernel, namespace, FILTERS_BRIDGES).catch(() => undefined))?.trim() === "1";
  const eaten = filtered ? await forwardingIsEaten(kernel, namespace, "ip") : undefined;
  return (
    eaten &&
    `${eaten}\n  or, for what bridges switch, set ${FILTERS_BRIDGES} to 0: until then the firewall sees that, too`
  );
}

const FILTERS_BRIDGES = "net.bridge.bridge-nf-call-iptables";

function advice({ family, table, name }: BaseChain, namespace: string | undefined): string {
  const where = namespace === undefined ? "The lab host" : `Namespace ${namespace}`;
  return (
    `${where} drops what it is to forward: the chain ${name} of the table ${family} ${table} has the policy drop, as Docker and ufw set it.\n` +
    `  what to do: let the lab's packets through, for example with\n` +
    `    nft insert rule ${family} ${table} ${name} iifname LAB_INTERFACE accept\n` +
    `    nft insert rule ${family} ${table} ${name} oifname LAB_INTERFACE accept`
  );
}
