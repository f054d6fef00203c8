import { lifecycles } from "../../../provider/host.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { digest } from "../../../provider/owner.ts";
import type { Properties } from "../../../provider/properties.ts";
import { nftables } from "./nft.ts";

export const TABLE = "pulumi-netns/lab/dev";
export const CHAINS = ["postrouting", "prerouting", "postrouting_at_200"];

/** A rule of a program: its name and the index of its chain. */
export interface Rule {
  readonly name: string;
  readonly chain: number;
}

const nameOf = (name: string): string => `${name}@${digest(`urn:${name}`)}`;
export const markOf = (name: string): string => `pulumi-netns:lab/dev@11111111:${nameOf(name)}`;
export const textOf = ({ name, chain }: Rule): string =>
  chain === 1 ? `iifname "${name}" redirect` : `oifname "${name}" masquerade`;

/** Returns the arguments of a program's rules; each one names the rule before it. */
const argsOf = (program: readonly Rule[]) =>
  program.map((rule, index) => {
    const { name, chain } = rule;
    const before = program[index - 1];
    return {
      name,
      args: {
        ...(chain === 1 ? { type: "redirect", inInterface: name } : { type: "masquerade", outInterface: name }),
        ...(chain === 2 && { priority: 200 }),
        ...(before !== undefined && { after: nameOf(before.name) }),
        __mark: markOf(name),
      },
    };
  });

/** A machine with rules of one stack, and the states of their resources. */
export function lab() {
  const nft = nftables();
  const states = new Map<string, Properties>();

  /** Runs a program. Its changes arrive in the given order in batches of the given sizes; deletes come last. */
  async function up(program: readonly Rule[], arrival: readonly string[] = [], sizes: readonly number[] = [1]) {
    const life = lifecycles(nft.kernel).get("NatRule") as Lifecycle;
    const steps = argsOf(program).flatMap(({ name, args }) => {
      const olds = states.get(name);
      const { inputs } = life.check(olds ?? {}, args);
      const news = inputs as Properties;
      if (olds === undefined)
        return { name, act: async () => states.set(name, (await life.create(news)).outs as Properties) };
      if (!life.diff("", olds, news).changes) return [];
      return { name, act: async () => states.set(name, (await life.update("", olds, news)).outs as Properties) };
    });
    const left = steps.toSorted((one, other) => arrival.indexOf(one.name) - arrival.indexOf(other.name));
    const deletes = [...states].flatMap(([name, state]) =>
      program.some((rule) => rule.name === name)
        ? []
        : async () => {
            await life.delete("", state);
            states.delete(name);
          },
    );
    for (const all of [left.map(({ act }) => act), deletes])
      for (let turn = 0; all.length > 0; turn += 1)
        await Promise.all(all.splice(0, sizes[turn % sizes.length]).map((act) => act()));
  }

  /** Reads all rules, and returns those whose arguments differ. */
  async function refresh(): Promise<string[]> {
    const life = lifecycles(nft.kernel).get("NatRule") as Lifecycle;
    const differ: string[] = [];
    for (const [name, state] of states) {
      const { id, props } = await life.read(name, state);
      if (id === "" || life.diff("", props as Properties, state).changes) differ.push(name);
      states.set(name, props as Properties);
    }
    return differ;
  }

  const chains = () => CHAINS.map((chain) => nft.chain(TABLE, chain));
  return { nft, up, refresh, chains };
}
