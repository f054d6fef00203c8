import { expect, test } from "vitest";
import { classify } from "../../../provider/errors.ts";
import { linux } from "../../../provider/kernel/linux.ts";

const through = (...enter: string[]) => linux(enter).run({ tool: "nft", args: ["-f", "-"], stdin: "add table x\n" });

test("a program that cannot be started is an answer, and no absent object", async () => {
  const outcome = await through("/no/such/program");
  expect(outcome).toMatchObject({ code: 127, stdout: "", stderr: expect.stringContaining("ENOENT") });
  expect(classify(outcome)).toBe("failed");
});

test("a command that fails is an answer with all that it said", async () => {
  const said = "echo out; echo err >&2; exit 3";
  expect(await through("sh", "-c", said, "--")).toEqual({ code: 3, stdout: "out\n", stderr: "err\n" });
});

test("a command gets its words and its input as they are, and speaks English", async () => {
  expect(await through("sh", "-c", 'echo "$LC_ALL"; printf "<%s>" "$@"; cat', "--")).toEqual({
    code: 0,
    stdout: "C\n<nft><-f><->add table x\n",
    stderr: "",
  });
});

test("a command without input reads the end of one", async () => {
  const outcome = await linux(["sh", "-c", "cat", "--"]).run({ tool: "ip", args: [] });
  expect(outcome).toEqual({ code: 0, stdout: "", stderr: "" });
});
