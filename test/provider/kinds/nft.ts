import { argsOf, inputOf } from "../../../provider/kernel/command.ts";
import type { CommandResult } from "../../../provider/kernel/kernel.ts";
import { oneByOne } from "../../../provider/kernel/kernel.ts";
import { fails, tells } from "../script.ts";

interface Rule {
  readonly handle: number;
  /** The statement without its comment. */
  text: string;
  comment: string | undefined;
}

/** Tables by their names, each with its chains by their names. */
type Tables = Map<string, Map<string, Rule[]>>;

/**
 * A model of nftables for the rules of this package, in the namespaces of one machine: lists, and atomic transactions. A rule has one of
 * two forms: `oifname "x" masquerade` or `iifname "x" redirect`, with any `x`.
 */
export function nftables() {
  let tables: Tables = new Map();
  let lastHandle = 0;
  let moves = 0;
  const transactions: string[] = [];

  function carryOut(line: string): void {
    const [, verb, what, table = "", chain = "", , handle, text = ""] =
      /^(\w+) (table|chain|rule) inet (\S+)(?: (\S+))?( handle (\d+))? ?(.*)$/.exec(line) ?? [];
    const chains = tables.get(table);
    if (what === "table" && verb === "add") tables.set(table, chains ?? new Map());
    else if (chains === undefined) throw new Error("No such file or directory");
    else if (what === "table") tables.delete(table);
    else if (what === "chain") chains.set(chain, chains.get(chain) ?? []);
    else changeRule(verb, chains, chain, handle, text);
  }

  function changeRule(
    verb: string | undefined,
    chains: Map<string, Rule[]>,
    chain: string,
    handle: string | undefined,
    text: string,
  ) {
    const rules = chains.get(chain);
    const at = handle === undefined ? -1 : (rules?.findIndex((rule) => rule.handle === Number(handle)) ?? -1);
    if (rules === undefined || (handle !== undefined && at === -1)) throw new Error("No such file or directory");
    const [, own = text, comment] = /^(.*) comment "([^"]*)"$/.exec(text) ?? [];
    if (verb === "replace") Object.assign(rules[at] ?? {}, { text: own, comment });
    if (verb === "delete") rules.splice(at, 1);
    if (verb !== "add" && verb !== "insert") return;
    moves += 1;
    lastHandle += 1;
    const place = verb === "insert" ? 0 : handle === undefined ? rules.length : at + 1;
    rules.splice(place, 0, { handle: lastHandle, text: own, comment });
  }

  function transact(lines: readonly string[]): CommandResult {
    const before = structuredClone(tables);
    try {
      for (const line of lines) carryOut(line);
    } catch (error) {
      tables = before;
      return fails(`Error: Could not process rule: ${error instanceof Error ? error.message : ""}`, 1);
    }
    transactions.push(lines.join("\n"));
    return { code: 0, stdout: "", stderr: "" };
  }

  const kernel = oneByOne(async (command) => {
    const [tool, args, stdin = ""] = [command.tool, argsOf(command), inputOf(command)];
    // No flow has been translated.
    if (tool === "sh") return { code: 0, stdout: "0\n", stderr: "" };
    if (args[0] === "-f") return transact(stdin.split("\n").filter(Boolean));
    const chains = tables.get(args.at(-1) ?? "");
    if (chains === undefined) return fails("Error: No such file or directory", 1);
    return tells({
      nftables: [...chains].flatMap(([chain, rules]) =>
        rules.map(({ handle, comment, text }) => ({ rule: { chain, handle, comment, expr: expressions(text) } })),
      ),
    });
  });

  return {
    kernel,
    /** Returns the texts of a chain's rules in their order. */
    chain: (table: string, name: string) =>
      tables
        .get(table)
        ?.get(name)
        ?.map(({ text }) => text) ?? [],
    tables: () => [...tables.keys()],
    /** Runs a line as a user would. */
    byHand: (line: string) => carryOut(line),
    /** Moves a rule, by its index in its chain, as a user would. */
    shuffle(table: string, name: string, from: number, to: number): void {
      const rules = tables.get(table)?.get(name) ?? [];
      rules.splice(to, 0, ...rules.splice(from, 1));
    },
    /** Returns the number of rules that were added or moved since the last call. */
    moves(): number {
      const count = moves;
      moves = 0;
      return count;
    },
    transactions,
  };
}

/** Returns a rule's text as the JSON of nft. */
function expressions(text: string): unknown[] {
  const [, key, name, verdict = ""] = /^([io]ifname) "([^"]*)" (masquerade|redirect)$/.exec(text) ?? [];
  if (key === undefined) return [{ counter: {} }];
  return [{ match: { op: "==", left: { meta: { key } }, right: name } }, { [verdict]: null }];
}
