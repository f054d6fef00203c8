import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { classifyFailure } from "../../../../provider/errors.ts";
import { runOnce, startChild } from "../../../../provider/kernel/client/child.ts";
import { linux } from "../../../../provider/kernel/client/linux.ts";
import { SHELL_SCRIPT, type Shell, shell } from "../../../../provider/kernel/client/shell.ts";
import type { CommandResult } from "../../../../provider/kernel/kernel.ts";
import { dev, ip } from "../../../../provider/kernel/tools/ip.ts";

let opened: Shell | undefined;
const open = () => {
  opened = shell(startChild(["sh", "-c", SHELL_SCRIPT, "sh", "mark"]), "mark");
  return opened;
};
afterEach(() => opened?.close());
const runIn = async (one: Shell, argv: string[], input = "") => (await one.run([{ argv, input }]))[0] as CommandResult;

/** The two ways to run a program, which must have the same results. */
const WAYS = [
  ["by itself", (argv: string[], input = "") => runOnce(argv, input === "" ? undefined : input)],
  ["by a shell", (argv: string[], input = "") => runIn(open(), argv, input)],
] as const;

test("a program that cannot be started returns a failure, which is not classified as an absent object", async () => {
  const outcome = await linux(["/no/such/program"]).run({ tool: "nft", args: ["-f", "-"], stdin: "add table x\n" });
  expect(outcome).toMatchObject({ code: 127, stdout: "", stderr: expect.stringContaining("ENOENT") });
  expect(classifyFailure(outcome)).toBe("failed");
});

test.each(WAYS)("a missing program, %s, returns exit code 127", async (_how, run) => {
  expect(await run(["/no/such/program"])).toMatchObject({ code: 127, stdout: "" });
});

test.each(WAYS)("a failing command, %s, returns its exit code and its output", async (_how, run) => {
  const said = "echo out; echo err >&2; exit 3";
  expect(await run(["sh", "-c", said])).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
});

test.each(WAYS)(
  "a command without output or without a final line break, %s, returns its exact output",
  async (_how, run) => {
    expect(await run(["true"])).toEqual({ code: 0, stdout: "", stderr: "" });
    expect(await run(["printf", "x"])).toEqual({ code: 0, stdout: "x", stderr: "" });
  },
);

test.each(WAYS)("a command gets its exact words and input, %s, and the C locale", async (_how, run) => {
  const odd = ["a b", "", "$HOME", "`id`", "'\"", "\\n", "*", "END", "-x"];
  expect(await run(["sh", "-c", 'echo "$LC_ALL"; printf "<%s>" "$@"; cat', "--", ...odd], "$x `y`\n\n END\n")).toEqual({
    code: 0,
    stdout: `C\n${odd.map((word) => `<${word}>`).join("")}$x \`y\`\n\n END\n`,
    stderr: "",
  });
});

test.each(WAYS)("a command without input, %s, reads an empty input", async (_how, run) => {
  expect(await run(["cat"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test.each(WAYS)("a killed command, %s, returns the signal", async (_how, run) => {
  expect(await run(["sh", "-c", "kill -9 $$"])).toMatchObject({ signal: "SIGKILL" });
});

test("a killed shell returns the signal to its callers", async () => {
  expect(await runIn(open(), ["sh", "-c", "kill -9 $PPID; sleep 1"])).toMatchObject({ signal: "SIGKILL" });
});

test("many commands in one shell have separate results", async () => {
  const one = open();
  for (let turn = 0; turn < 50; turn += 1) {
    const { stdout, stderr, code } = await runIn(
      one,
      ["sh", "-c", `cat; echo e${turn} >&2; exit ${turn}`],
      `${turn}\n`,
    );
    expect([stdout, stderr, code]).toEqual([`${turn}\n`, `e${turn}\n`, turn]);
  }
});

describe("a query in a missing namespace", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "pulumi-netns-root-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** Queries a link in a namespace through a client that cannot start a program. */
  const look = () => linux(["/no/such/program"], root).run({ ...ip("red", "address", "show", dev("lo")), query: true });
  const STARTED = expect.objectContaining({ code: 127 }) as CommandResult;

  test("returns the error message of `ip` without starting a program", async () => {
    await mkdir(join(root, "run/netns"), { recursive: true });
    const words = 'Cannot open network namespace "red": No such file or directory\n';
    const outcome = await look();
    expect(outcome).toEqual({ code: 255, stdout: "", stderr: words });
    expect(classifyFailure(outcome)).toBe("absent");
  });

  test("starts a program if there is a file with the name of the namespace", async () => {
    await mkdir(join(root, "run/netns"), { recursive: true });
    await writeFile(join(root, "run/netns/red"), "");
    expect(await look()).toEqual(STARTED);
  });

  test("starts a program if there is no folder of namespaces", async () => {
    expect(await look()).toEqual(STARTED);
  });

  test("starts a program if the files of the lab host cannot be read", async () => {
    const kernel = linux(["/no/such/program"]);
    expect(await kernel.run({ ...ip("red", "address", "show", dev("lo")), query: true })).toEqual(STARTED);
  });
});
