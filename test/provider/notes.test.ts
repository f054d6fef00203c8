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

test.each([undefined, "red"])("a note in %s is a name of its loopback interface, and can be taken back", (where) => {
  expect(addNote(where, "some:text")).toEqual({
    run: command(where, "add", "some:text"),
    undo: command(where, "del", "some:text"),
    tolerate: ["exists"],
  });
  expect(removeNote(where, "some:text")).toEqual({ run: command(where, "del", "some:text"), tolerate: ["absent"] });
});

test("a note is one word, whatever is in it", () => {
  expect(showPlan([addNote(undefined, "$(id)"), removeNote("red", "it's")])).toBe(
    "ip link property add dev lo altname '$(id)'\nip -n red link property del dev lo altname 'it'\\''s'",
  );
});

describe("carried out", () => {
  const out = (step: ReturnType<typeof addNote>, ...script: Exchange[]) =>
    scripted(script, (kernel) => applyPlan(kernel, [step]));

  test("a note that is there already is as good as written", () =>
    out(addNote("red", "x"), [ADD, fails("RTNETLINK answers: File exists")]));

  test.each([
    "RTNETLINK answers: No such file or directory",
    'Cannot find device "lo"',
    'Cannot open network namespace "red": No such file or directory',
    'setting the network namespace "red" failed: Invalid argument',
  ])("a note that is gone, as %j tells, is as good as erased", (stderr) =>
    out(removeNote("red", "x"), [DELETE, fails(stderr)]),
  );

  test.each([
    ["written", addNote("red", "x"), ADD, "RTNETLINK answers: Operation not permitted", "denied"],
    ["written", addNote("red", "x"), ADD, 'Cannot open network namespace "red": No such file or directory', "absent"],
    ["erased", removeNote("red", "x"), DELETE, "RTNETLINK answers: Operation not permitted", "denied"],
    ["erased", removeNote("red", "x"), DELETE, "RTNETLINK answers: File exists", "exists"],
  ])("a note that cannot be %s is an error", async (_what, step, line, stderr, reason) => {
    await expect(out(step, [line, fails(stderr)])).rejects.toMatchObject({ name: "KernelError", reason });
  });

  test("a note is taken back when a later step fails", async () => {
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
  ])("%s are the other names of its loopback interface, in their order", async (_what, where) => {
    expect(await read(tells([{ ...LO, altnames: ["b:1", "a=2"] }]), where)).toEqual(["b:1", "a=2"]);
  });

  test.each([
    ["where nothing is noted", tells([LO])],
    ["where the namespace is gone", fails('Cannot open network namespace "red": No such file or directory', 255)],
    ["in a file that is no namespace", fails('setting the network namespace "red" failed: Invalid argument', 255)],
    ["without a loopback interface", fails('Device "lo" does not exist.')],
  ])("are none %s", async (_what, answer) => {
    expect(await read(answer)).toEqual([]);
  });

  test.each([
    ['Cannot open network namespace "red": Permission denied', "denied"],
    ["Segmentation fault", "failed"],
  ])("are not told after %j", async (stderr, reason) => {
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
])("whether %j can be noted: %j", (text, can) => {
  expect(fitsNote(text)).toBe(can);
});

describe("the note of what is in the making", () => {
  test("follows from the name and the stack, whichever resource it is", () => {
    expect([creationNote("red", MARK), creationNote("blue", MARK)]).toEqual([
      "pulumi-netns:making:6d3d18b0:b1f51a51",
      "pulumi-netns:making:6d3d18b0:16477688",
    ]);
    expect(creationNote("red", "pulumi-netns:lab/dev@01234567:other@89abcdef")).toBe(creationNote("red", MARK));
  });

  test("can be noted, and tells names and stacks apart, whoever they are", () => {
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
