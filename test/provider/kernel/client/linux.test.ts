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

/** The two ways to run a program; they must not differ. */
const WAYS = [
  ["by itself", (argv: string[], input = "") => runOnce(argv, input === "" ? undefined : input)],
  ["by a shell", (argv: string[], input = "") => runIn(open(), argv, input)],
] as const;

test("a program that cannot be started is an answer, and no absent object", async () => {
  const outcome = await linux(["/no/such/program"]).run({ tool: "nft", args: ["-f", "-"], stdin: "add table x\n" });
  expect(outcome).toMatchObject({ code: 127, stdout: "", stderr: expect.stringContaining("ENOENT") });
  expect(classifyFailure(outcome)).toBe("failed");
});

test.each(WAYS)("a program that is not there, %s, is an answer", async (_how, run) => {
  expect(await run(["/no/such/program"])).toMatchObject({ code: 127, stdout: "" });
});

test.each(WAYS)("a command that fails, %s, is an answer with all that it said", async (_how, run) => {
  const said = "echo out; echo err >&2; exit 3";
  expect(await run(["sh", "-c", said])).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
});

test.each(WAYS)("a command that says nothing, or no whole line, %s, is heard right", async (_how, run) => {
  expect(await run(["true"])).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(await run(["printf", "x"])).toEqual({ code: 0, stdout: "x", stderr: "" });
});

test.each(WAYS)("a command gets its words and its input as they are, %s, and speaks English", async (_how, run) => {
  const odd = ["a b", "", "$HOME", "`id`", "'\"", "\\n", "*", "END", "-x"];
  expect(await run(["sh", "-c", 'echo "$LC_ALL"; printf "<%s>" "$@"; cat', "--", ...odd], "$x `y`\n\n END\n")).toEqual({
    code: 0,
    stdout: `C\n${odd.map((word) => `<${word}>`).join("")}$x \`y\`\n\n END\n`,
    stderr: "",
  });
});

test.each(WAYS)("a command without input, %s, reads the end of one", async (_how, run) => {
  expect(await run(["cat"])).toEqual({ code: 0, stdout: "", stderr: "" });
});

test.each(WAYS)("a command that is killed, %s, tells of the signal", async (_how, run) => {
  expect(await run(["sh", "-c", "kill -9 $$"])).toMatchObject({ signal: "SIGKILL" });
});

test("a shell that is killed leaves no one waiting, and says by what", async () => {
  expect(await runIn(open(), ["sh", "-c", "kill -9 $PPID; sleep 1"])).toMatchObject({ signal: "SIGKILL" });
});

test("many commands through one shell keep their answers apart", async () => {
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

describe("a namespace that is not there", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "pulumi-netns-root-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  /** What a door says of a link in a namespace, behind which no program can be started. */
  const look = () => linux(["/no/such/program"], root).run({ ...ip("red", "address", "show", dev("lo")), query: true });
  const STARTED = expect.objectContaining({ code: 127 }) as CommandResult;

  test("is told without a program, in the words of `ip`", async () => {
    await mkdir(join(root, "run/netns"), { recursive: true });
    const words = 'Cannot open network namespace "red": No such file or directory\n';
    const outcome = await look();
    expect(outcome).toEqual({ code: 255, stdout: "", stderr: words });
    expect(classifyFailure(outcome)).toBe("absent");
  });

  test("is left to a program where there is a file of its name", async () => {
    await mkdir(join(root, "run/netns"), { recursive: true });
    await writeFile(join(root, "run/netns/red"), "");
    expect(await look()).toEqual(STARTED);
  });

  test("is left to a program where namespaces may be elsewhere", async () => {
    expect(await look()).toEqual(STARTED);
  });

  test("is left to a program where the files cannot be reached", async () => {
    const kernel = linux(["/no/such/program"]);
    expect(await kernel.run({ ...ip("red", "address", "show", dev("lo")), query: true })).toEqual(STARTED);
  });
});
