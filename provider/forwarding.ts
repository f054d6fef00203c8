import type { Kernel } from "./kernel/kernel.ts";
import { type BaseChain, listChains } from "./kernel/nft.ts";

/** Tells of a firewall that drops what a place is to forward; undefined when none does. */
export async function forwardingIsEaten(kernel: Kernel, namespace: string | undefined): Promise<string | undefined> {
  const chains = await listChains(kernel, namespace);
  const eater = chains.find(({ type, hook, policy }) => type === "filter" && hook === "forward" && policy === "drop");
  return eater && advice(eater, namespace);
}

function advice({ family, table, name }: BaseChain, namespace: string | undefined): string {
  const where = namespace === undefined ? "The lab host" : `Namespace ${namespace}`;
  return (
    `${where} drops what it is to forward: the chain ${name} of the table ${family} ${table} has the policy drop, as Docker and ufw set it.\n` +
    `  what to do: let the lab's packets through, for example with\n` +
    `    nft insert rule ${family} ${table} ${name} iifname LAB_INTERFACE accept\n` +
    `    nft insert rule ${family} ${table} ${name} oifname LAB_INTERFACE accept`
  );
}
