import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";
import { sandbox } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { openProject } from "../support/project.ts";

test("the README's program is one, and a preview of it shows what it says", async () => {
  const readme = readFileSync(join(REPOSITORY, "README.md"), "utf8");
  const [, program = ""] = /```ts\nimport [^\n]*\n([^`]*)```/.exec(readme) ?? [];
  await using host = await sandbox();
  await using project = await openProject(host, "readme");
  await project.program(program);
  expect(await project.stack.preview()).toEqual([
    "create Bridge v-net-0",
    "create Namespace red",
    "create NatRule lan-out",
    "create Sysctl forwarding",
    "create Veth red-wire",
  ]);
});

test("the demo shows S1 to S5, and says of each trial that it worked", async () => {
  const { stdout } = await execa(process.execPath, [join(REPOSITORY, "tools/demo/main.ts")]);
  expect(stdout).toContain("Everything worked: S1 to S5");
  expect(stdout).not.toContain("✗");
  expect(stdout.split("✓").length - 1).toBeGreaterThan(20);
});
