import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";
import { example, REPOSITORY } from "../../tools/stack.ts";
import { COMMAND } from "../cli/bench.ts";

test("the demo shows S1 to S5, reports the success of each trial, and keeps a lab in which the commands of the README work", async () => {
  const demo = await execa(process.execPath, [join(REPOSITORY, "tools/demo/main.ts"), "--keep"], { all: true });
  onTestFinished(async () => {
    await inSeed("sandbox", "--remove");
  });
  expect(demo.stdout).toContain("Everything worked: S1 to S5");
  expect(demo.all).not.toContain("✗");
  expect(demo.stdout.split("✓").length - 1).toBeGreaterThan(20);

  const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
  const commands = [...readme.matchAll(/^npx (pulumi.*?)( +#.*)?$/gm)].map(([, command = ""]) => command);
  expect(commands.length).toBeGreaterThan(7);
  for (const command of commands) {
    // The stack is that of the demo, and without a terminal Pulumi does not prompt.
    if (command.startsWith("pulumi stack init")) continue;
    const yes = /^pulumi (up|refresh|destroy)/.test(command) ? ["--yes"] : [];
    await inSeed("sandbox", "--", ...command.split(" "), ...yes);
  }
  expect((await inSeed("sandbox", "--", "ls", "/run/netns")).stdout).toBe("internet\nlan");
});

/** Runs `pulumi-netns` in the folder of the seed example. */
const inSeed = (...args: string[]) =>
  execa(COMMAND[1]!, [...COMMAND.slice(2), ...args], {
    cwd: example("seed"),
    env: { PATH: `${join(REPOSITORY, "node_modules/.bin")}:${process.env["PATH"]}` },
  });
