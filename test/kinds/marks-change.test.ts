import { expect, test } from "vitest";
import { NatRule, Process } from "../../sdk/index.ts";
import { edit, engineOf, host, labHostForEachTest, succeeds } from "../support/edited.ts";
import type { Program } from "../support/engine/program.ts";
import { Crash } from "../support/mortal.ts";

/* The provider finds a rule or a process only by its mark, which changes when the resource is renamed with an alias. */

labHostForEachTest();

const rule = (name: string, source: string | undefined, alias = name) =>
  new NatRule(name, { type: "masquerade", ...(source !== undefined && { source }) }, { aliases: [{ name: alias }] });

const sleep = (name: string, seconds: string, alias = name) =>
  new Process(name, { command: ["sleep", seconds], settle: 100 }, { aliases: [{ name: alias }] });

/** Returns the networks that the NAT rules match, in order, with the resource of each. */
async function rules(): Promise<string[]> {
  const listing = await host.run("nft", "list", "ruleset");
  return [...listing.matchAll(/(?:ip saddr (\S+) )?masquerade comment "[^"]*:([a-z]+)@/g)].map(
    ([, source = "any", name = ""]) => `${name} ${source}`,
  );
}

/** Returns the arguments of the processes, with the resource of each. */
async function processes(): Promise<string[]> {
  const found = await host.run("sh", "-c", LIST);
  return found
    .split("\n")
    .filter((line) => line !== "")
    .sort();
}

const LIST = `for pid in $(pgrep -x sleep); do
  mark=$(tr '\\0' '\\n' <"/proc/$pid/environ" | sed -n 's/^PULUMI_NETNS_MARK=.*:\\([a-z]*\\)@.*/\\1/p')
  [ -z "$mark" ] || echo "$mark $(tr '\\0' ' ' <"/proc/$pid/cmdline" | cut -d' ' -f2)"
done; :`;

/** A program, one that renames its resources, and the objects in the kernel after that. */
interface Renaming {
  readonly from: Program;
  readonly to: Program;
  readonly observe: () => Promise<string[]>;
  readonly wanted: readonly string[];
}

const renamings: Record<string, Renaming> = {
  "a rule": {
    from: () => rule("first", "10.1.0.0/16"),
    to: () => rule("second", "10.1.0.0/16", "first"),
    observe: rules,
    wanted: ["second 10.1.0.0/16"],
  },
  "the first of three rules": {
    from: () => [rule("first", "10.1.0.0/16"), rule("second", "10.2.0.0/16"), rule("third", undefined)],
    to: () => [rule("fourth", "10.1.0.0/16", "first"), rule("second", "10.2.0.0/16"), rule("third", undefined)],
    observe: rules,
    wanted: ["fourth 10.1.0.0/16", "second 10.2.0.0/16", "third any"],
  },
  "a process": {
    from: () => sleep("first", "301"),
    to: () => sleep("second", "301", "first"),
    observe: processes,
    wanted: ["second 301"],
  },
};

test.each(Object.entries(renamings))(
  "%s has its new mark after a rename with an alias in an up that was killed and lost its state",
  async (_what, { from, to, observe, wanted }) => {
    for (let commands = 1, died = true; died; commands += 1) {
      expect(commands).toBeLessThan(20);
      succeeds(await engineOf().up(from));
      const { failure } = await engineOf().up(to, { dieAfter: commands, keeping: "nothing" });
      died = failure instanceof Crash;
      await edit(to);
      expect([commands, await observe()]).toEqual([commands, wanted]);
      succeeds(await engineOf().destroy());
      expect([commands, await observe()]).toEqual([commands, []]);
    }
  },
);
