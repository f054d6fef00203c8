import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { dev, ip } from "../../provider/kernel/tools/ip.ts";
import { addNote, creationNote, fitsNote, isCreationNote, readNotes, removeNote } from "../../provider/notes.ts";
import { markOf, stackNameOf } from "../../provider/owner.ts";
import { applyPlan, showPlan } from "../../provider/plan.ts";
import { namespaceName } from "../support/arbitraries.ts";
import { hostile } from "../support/strange.ts";
import { MARK } from "./samples.ts";
import { type Exchange, fails, scripted, tells } from "./script.ts";

const LO = { ifindex: 1, ifname: "lo", flags: ["LOOPBACK"], mtu: 65_536 };
const ADD = "ip -n red link property add dev lo altname x";
const DELETE = "ip -n red link property del dev lo altname x";
const command = (namespace: string | undefined, verb: string, text: string) =>
  ip(namespace, "link", "property", verb, dev("lo"), "altname", text);

test.each([undefined, "red"])(
  "a note in %s is an alternative name of its loopback interface, and adding it can be undone",
  (where) => {
    expect(addNote(where, "some:text")).toEqual({
      run: command(where, "add", "some:text"),
      undo: command(where, "del", "some:text"),
      tolerate: ["exists"],
    });
    expect(removeNote(where, "some:text")).toEqual({ run: command(where, "del", "some:text"), tolerate: ["absent"] });
  },
);

test("a note is one word, with any characters", () => {
  expect(showPlan([addNote(undefined, "$(id)"), removeNote("red", "it's")])).toBe(
    "ip link property add dev lo altname '$(id)'\nip -n red link property del dev lo altname 'it'\\''s'",
  );
});

describe("a step", () => {
  const out = (step: ReturnType<typeof addNote>, ...script: Exchange[]) =>
    scripted(script, (kernel) => applyPlan(kernel, [step]));

  test("that adds an existing note succeeds", () =>
    out(addNote("red", "x"), [ADD, fails("RTNETLINK answers: File exists")]));

  test.each([
    "RTNETLINK answers: No such file or directory",
    'Cannot find device "lo"',
    'Cannot open network namespace "red": No such file or directory',
    'setting the network namespace "red" failed: Invalid argument',
  ])("that removes a missing note, with the error %j, succeeds", (stderr) =>
    out(removeNote("red", "x"), [DELETE, fails(stderr)]),
  );

  test.each([
    ["added", addNote("red", "x"), ADD, "RTNETLINK answers: Operation not permitted", "denied"],
    ["added", addNote("red", "x"), ADD, 'Cannot open network namespace "red": No such file or directory', "absent"],
    ["removed", removeNote("red", "x"), DELETE, "RTNETLINK answers: Operation not permitted", "denied"],
    ["removed", removeNote("red", "x"), DELETE, "RTNETLINK answers: File exists", "exists"],
  ])("fails if a note cannot be %s", async (_what, step, line, stderr, reason) => {
    await expect(out(step, [line, fails(stderr)])).rejects.toMatchObject({ name: "KernelError", reason });
  });

  test("that adds a note is undone if a later step fails", async () => {
    const failure = scripted([[ADD], ["ip link set dev x up", fails("no")], [DELETE]], (kernel) =>
      applyPlan(kernel, [addNote("red", "x"), { run: ip(undefined, "link", "set", dev("x"), "up") }]),
    );
    await expect(failure).rejects.toMatchObject({ reason: "failed" });
  });
});

describe("the notes", () => {
  const read = (answer: ReturnType<typeof fails>, where: string | undefined = "red") =>
    scripted(
      [[`ip ${where === "" ? "" : "-n red "}-json -details address show dev lo`, answer]],
      (kernel: KernelClient) => readNotes(kernel, where === "" ? undefined : where),
    );

  test.each([
    ["in a namespace", "red"],
    ["on the lab host", ""],
  ])("%s are the alternative names of its loopback interface, in their order", async (_what, where) => {
    expect(await read(tells([{ ...LO, altnames: ["b:1", "a=2"] }]), where)).toEqual(["b:1", "a=2"]);
  });

  test.each([
    ["if there are none", tells([LO])],
    ["if the namespace is missing", fails('Cannot open network namespace "red": No such file or directory', 255)],
    ["in a file without a namespace", fails('setting the network namespace "red" failed: Invalid argument', 255)],
    ["without a loopback interface", fails('Device "lo" does not exist.')],
  ])("are an empty list %s", async (_what, answer) => {
    expect(await read(answer)).toEqual([]);
  });

  test.each([
    ['Cannot open network namespace "red": Permission denied', "denied"],
    ["Segmentation fault", "failed"],
  ])("are an error after %j", async (stderr, reason) => {
    await expect(read(fails(stderr))).rejects.toMatchObject({ name: "KernelError", reason });
  });
});

test.each([
  ["x", true],
  ["net.ipv4.tcp_rmem=4096~131072~6291456:0123abcd", true],
  ["x".repeat(127), true],
  ["x".repeat(128), false],
  ["", false],
  ["a b", false],
  ["a\tb", false],
  ["a\nb", false],
  ["a\n", false],
  ["a/b", false],
])("whether %j fits into a note: %j", (text, can) => {
  expect(fitsNote(text)).toBe(can);
});

describe("the note of a creation", () => {
  test("depends on the name and the stack, and not on the resource", () => {
    expect([creationNote("red", MARK), creationNote("blue", MARK)]).toEqual([
      "pulumi-netns:making:6d3d18b0:b1f51a51",
      "pulumi-netns:making:6d3d18b0:16477688",
    ]);
    expect(creationNote("red", "pulumi-netns:lab/dev@01234567:other@89abcdef")).toBe(creationNote("red", MARK));
  });

  test("fits into a note and is unique for any names and stacks", () => {
    const text = fc.oneof(fc.string({ maxLength: 100 }), hostile);
    fc.assert(
      fc.property(text, text, namespaceName, namespaceName, (stack, another, name, next) => {
        const [mark, other] = [stack, another].map((one) =>
          markOf({ project: "lab", stack: one, name: "it", urn: "" }),
        ) as [string, string];
        fc.pre(stackNameOf(mark) !== stackNameOf(other) && name !== next);
        const texts = [creationNote(name, mark), creationNote(next, mark), creationNote(name, other)];
        for (const one of texts) expect(one).toMatch(/^pulumi-netns:making:[0-9a-f]{8}:[0-9a-f]{8}$/);
        expect([texts.every(fitsNote), new Set(texts).size]).toEqual([true, 3]);
        expect(texts.map((one) => isCreationNote(one, mark))).toEqual([true, true, false]);
      }),
    );
  });
});
