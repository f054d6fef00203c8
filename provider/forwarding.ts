import type { KernelClient } from "./kernel/kernel.ts";
import { type BaseChain, listChains } from "./kernel/tools/nft.ts";
import { readSysctl } from "./kernel/tools/sysctl.ts";
import { isStackTable } from "./kinds/stack-table.ts";
import { type Message, withHelp } from "./message.ts";

/** Returns a warning if a firewall drops the packets of a family that a place forwards; else undefined. */
export async function forwardDropWarning(
  kernel: KernelClient,
  namespace: string | undefined,
  family: "ip" | "ip6",
): Promise<string | undefined> {
  const warning = await dropIn(kernel, namespace, family);
  return warning && withHelp(warning.message, warning.help);
}

/** Returns a warning if a firewall also drops IPv4 packets that a bridge switches; else undefined. */
export async function bridgeDropWarning(
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<string | undefined> {
  const filtered = (await readSysctl(kernel, namespace, BRIDGE_FILTER_KEY).catch(() => undefined))?.trim() === "1";
  const warning = filtered ? await dropIn(kernel, namespace, "ip") : undefined;
  return (
    warning &&
    withHelp(
      warning.message,
      `${warning.help}\nor, for traffic that bridges switch, set ${BRIDGE_FILTER_KEY} to 0; otherwise the firewall filters that as well`,
    )
  );
}

const BRIDGE_FILTER_KEY = "net.bridge.bridge-nf-call-iptables";

async function dropIn(
  kernel: KernelClient,
  namespace: string | undefined,
  family: "ip" | "ip6",
): Promise<Message | undefined> {
  const chains = await listChains(kernel, namespace);
  const eater = chains.find(
    (chain) =>
      ["inet", family].includes(chain.family) &&
      chain.type === "filter" &&
      chain.hook === "forward" &&
      // A FilterChain drops what its program declares.
      !isStackTable(chain.table) &&
      chain.policy === "drop",
  );
  return eater && dropAdvice(eater, namespace);
}

function dropAdvice({ family, table, name }: BaseChain, namespace: string | undefined): Message {
  const [where, enter] =
    namespace === undefined ? ["on the lab host", ""] : [`in namespace ${namespace}`, `ip netns exec ${namespace} `];
  const insert = `${enter}nft insert rule ${family} ${table} ${name}`;
  return {
    message: `chain ${name} of table ${family} ${table} ${where} has policy drop, as set by Docker and ufw: it drops the packets that its rules do not accept`,
    help: `if it drops the lab's packets, accept them, for example with\n  ${insert} iifname LAB_INTERFACE accept\n  ${insert} oifname LAB_INTERFACE accept`,
  };
}
