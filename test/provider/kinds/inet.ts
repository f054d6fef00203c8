import { cidr, familyOf } from "../../../provider/cidr.ts";
import { displayCommand } from "../../../provider/kernel/command.ts";
import type { Link, LinkAddress } from "../../../provider/kernel/tools/ip.ts";
import type { Plan } from "../../../provider/plan.ts";

/**
 * A model of the addresses of one link in the kernel, with one route for each gateway, which is deleted with the last IPv4 address. In IPv4
 * the first address of a network is the primary one. It is behind the other primary ones, and a secondary one is behind all addresses. With
 * a primary address, the kernel deletes the others of its network, or makes the next of them the primary one, behind the other primary
 * ones.
 *
 * @param promotes Whether the next one becomes the primary one: `net.ipv4.conf.all.promote_secondaries`.
 */
export function inet(promotes = false) {
  let entries: LinkAddress[] = [];
  const routes = new Set<string>();

  function add(text: string): boolean {
    if (entries.some((entry) => textOf(entry) === text)) return false;
    const [local = "", length] = text.split("/");
    const base = { local, prefixlen: Number(length), scope: "global" };
    if (familyOf(text) === "inet6") entries.push({ ...base, family: "inet6" });
    else if (entries.some((entry) => isInet(entry) && networkOf(entry) === networkOf(base)))
      entries.push({ ...base, family: "inet", secondary: true });
    else behindPrimaries({ ...base, family: "inet" });
    return true;
  }

  function remove(text: string): boolean {
    const entry = entries.find((one) => textOf(one) === text);
    if (entry === undefined) return false;
    entries = entries.filter((one) => one !== entry);
    if (isInet(entry) && !entry.secondary) succeed(entry);
    if (!entries.some(isInet)) routes.clear();
    return true;
  }

  function succeed(primary: LinkAddress): void {
    const others = entries.filter((one) => isInet(one) && networkOf(one) === networkOf(primary));
    const [first] = promotes ? others : [];
    entries = entries.filter((one) => (promotes ? one !== first : !others.includes(one)));
    if (first !== undefined) behindPrimaries({ ...first, secondary: false });
  }

  function behindPrimaries(entry: LinkAddress): void {
    const last = entries.findLastIndex((one) => isInet(one) && !one.secondary);
    entries = entries.toSpliced(last + 1, 0, entry);
  }

  function route(verb: string | undefined, via: string): boolean {
    if (verb === "delete") return routes.delete(via);
    if (!entries.some(isInet) || (verb === "add" && routes.has(via))) return false;
    routes.add(via);
    return true;
  }

  return {
    add,
    remove,
    link: (): Link => ({ ifindex: 2, ifname: "eth0", flags: ["UP"], mtu: 1500, addr_info: [...entries] }),
    routes: () => [...routes],
    texts: () => entries.map(textOf),
    /** Runs a plan. */
    carryOut(plan: Plan): void {
      for (const { run, tolerate = [] } of plan) {
        if (run.tool !== "ip") throw new Error(`no command of ip: ${displayCommand(run)}`);
        const { object, verb, words } = run;
        const [text = ""] = words;
        const done =
          object === "route"
            ? route(verb, words[words.indexOf("via") + 1] ?? "")
            : verb === "add"
              ? add(text)
              : remove(text);
        const reason = verb === "delete" ? "absent" : "exists";
        if (!done && !tolerate.includes(reason)) throw new Error(`${displayCommand(run)}: ${reason}`);
      }
    },
  };
}

/**
 * Returns the part of the order that decides which source addresses packets have: that of the primary ones, and that within each network.
 * The order of secondary ones of different networks does not matter.
 */
export function orderOf(entries: readonly LinkAddress[]): string {
  const own = entries.filter(isInet);
  const networks = Map.groupBy(own, networkOf);
  return JSON.stringify([
    own.filter(({ secondary }) => !secondary).map(textOf),
    [...networks].toSorted().map(([network, all]) => [network, all.map(textOf)]),
  ]);
}

export const textOf = ({ local, prefixlen }: Pick<LinkAddress, "local" | "prefixlen">): string =>
  `${local}/${prefixlen}`;

const networkOf = (entry: Pick<LinkAddress, "local" | "prefixlen">): string =>
  `${cidr(textOf(entry))?.network}/${entry.prefixlen}`;

const isInet = ({ family }: LinkAddress): boolean => family === "inet";
