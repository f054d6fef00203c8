import { mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { execa } from "execa";
import { expect, test } from "vitest";

/** Returns the text of a test file with three tests of a lab whose program declares a namespace of others. */
const testsIn = (folder: string): string => `
import { appendFileSync, existsSync, writeFileSync } from "node:fs";
import { afterAll } from "vitest";
import { labTest } from ${JSON.stringify(resolve("testing/index.ts"))};

let pid = 0;
const test = labTest({
  project: ${JSON.stringify(resolve("examples/two-namespaces"))},
  async around(sandbox) {
    pid = sandbox.pid;
    appendFileSync(${JSON.stringify(join(folder, "opened"))}, \`\${sandbox.pid}\\n\`);
    await sandbox.run("ip", "netns", "add", "red");
  },
});

afterAll(() => writeFileSync(${JSON.stringify(join(folder, "left"))}, String(existsSync(\`/proc/\${pid}\`))));
test("first", ({ lab }) => {});
test("second", ({ lab }) => {});
test("third", ({ lab }) => {});
`;

test("a lab whose up fails is brought up for the first test of a file alone", async () => {
  const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-failing-up-"));
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "lab.test.ts"), testsIn(folder));
  const report = join(folder, "report.json");
  const words = ["run", "--root", folder, "--testTimeout", "60000", "--reporter", "json", "--outputFile", report];
  const { exitCode } = await execa("node_modules/.bin/vitest", words, { reject: false, timeout: 120_000 });
  const { testResults } = JSON.parse(await readFile(report, "utf8")) as Results;
  const [first = "", ...others] = testResults.flatMap((file) =>
    file.assertionResults.map(({ failureMessages: [message = ""] }) => message.split("\n    at ")[0]),
  );
  expect(exitCode).toBe(1);
  expect(first).toMatch(
    /^Error: pulumi up .*: exit 1\nerror: Namespace red: Namespace red already exists and is not managed by pulumi-netns\n {2}help: /,
  );
  const refers = "Error: the lab of this file is not up\n  help: the first test that uses the lab has the error";
  expect(others).toEqual([refers, refers]);
  expect(await readFile(join(folder, "opened"), "utf8")).toMatch(/^\d+\n$/);
  expect(await readFile(join(folder, "left"), "utf8")).toBe("false");
  await rm(folder, { recursive: true });
});

/** The results of vitest's reporter `json`. */
interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly failureMessages: readonly string[] }[];
  }[];
}
