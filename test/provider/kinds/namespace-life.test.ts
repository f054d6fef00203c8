import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import type { CommandResult } from "../../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { MARK } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

const LO = { ifindex: 1, ifname: "lo", flags: ["LOOPBACK"], mtu: 65_536 };
const desired = { name: "red" };

const MAKING = "pulumi-netns:making:6d3d18b0:b1f51a51";
/** Notes of another name, of another stack, and of an empty name. */
const OTHERS = [
  "pulumi-netns:making:6d3d18b0:16477688",
  "pulumi-netns:making:7fbc2d58:b1f51a51",
  "pulumi-netns:making:6d3d18b0:e3b0c442",
];
const NOTE = `ip link property add dev lo altname ${MAKING}`;
const ADD = "ip netns add red";
const SET = `ip -n red link set dev lo up alias ${MARK}`;
const ERASE = `ip link property del dev lo altname ${MAKING}`;
const REMOVE = "ip netns delete red";
const PIDS = 'stat -Lc "%d:%i %n" /run/netns/red /proc/[0-9]*/ns/net';
const inRed = (...pids: string[]): CommandResult => ({
  code: 0,
  stdout: ["4:99 /run/netns/red", "4:1 /proc/1/ns/net", ...pids.map((pid) => `4:99 /proc/${pid}/ns/net`), ""].join(
    "\n",
  ),
  stderr: "",
});

const LOOK = "ip -n red -json -details address show";
const HOST = "ip -json -details address show dev lo";
const ABSENT = fails('Cannot open network namespace "red": No such file or directory', 255);
const NOTED = fails("RTNETLINK answers: File exists");
const EXISTS = fails('Cannot create namespace file "/run/netns/red": File exists', 1);
const NOT_STALE = fails("", 1);
const HOLLOW = fails('setting the network namespace "red" failed: Invalid argument', 255);
const noted = (...altnames: string[]) => tells([{ ...LO, altnames }]);

describe("a namespace", () => {
  const live = <T>(script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
    scripted(script, (kernel) => act(lifecycles(kernel).get("Namespace") as Lifecycle));
  const inputs = { ...desired, __mark: MARK };
  const create = (...script: Exchange[]) => live(script, (life) => life.create(inputs));
  const made = { id: "red", outs: inputs };
  /** The owner is known before a note is added: a note is of a missing namespace, or of the stack's own. */
  const nothing: Exchange[] = [
    [LOOK, ABSENT],
    [HOST, tells([LO])],
  ];
  const foreign: Exchange[] = [
    [LOOK, tells([LO])],
    [HOST, tells([LO])],
  ];
  const own = tells([{ ...LO, ifalias: MARK }]);

  test.each<[string, Exchange[]]>([
    ["if it does not exist", [...nothing, [NOTE], [ADD], [SET], [ERASE]]],
    ["if another process adds the note meanwhile", [...nothing, [NOTE, NOTED], [ADD], [SET], [ERASE]]],
    [
      "if there is a file on which no namespace is mounted",
      [...nothing, [NOTE], [ADD, EXISTS], [REMOVE], [ADD], [SET], [ERASE]],
    ],
    [
      "after a crash before it existed",
      [[LOOK, ABSENT], [HOST, noted(MAKING)], [REMOVE, ABSENT], [ADD], [SET], [ERASE]],
    ],
    [
      "after a crash that left a file without a namespace",
      [[LOOK, HOLLOW], [HOST, noted(MAKING)], [REMOVE], [ADD], [SET], [ERASE]],
    ],
    ["after a crash before it was marked", [[LOOK, tells([LO])], [HOST, noted(MAKING)], [SET], [ERASE]]],
    ["after a crash before the note was deleted", [[LOOK, own], [SET], [ERASE]]],
    [
      "if the note is already deleted",
      [[LOOK, own], [SET], [ERASE, fails("RTNETLINK answers: No such file or directory")]],
    ],
  ])("is created %s", async (_what, script) => {
    expect(await create(...script)).toEqual(made);
  });

  const refused = "Namespace red already exists and is not managed by pulumi-netns";

  test("is refused without a note if it exists without an owner", async () => {
    await expect(create(...foreign)).rejects.toThrow(refused);
  });

  test("that another program creates first is refused, and only the note is deleted", async () => {
    const script: Exchange[] = [...nothing, [NOTE], [ADD, EXISTS], [REMOVE, NOT_STALE], [ADD, EXISTS], [ERASE]];
    await expect(create(...script, ...foreign)).rejects.toThrow(refused);
  });

  test("is deleted, and then its note, if it cannot be marked", async () => {
    const failure = create(...nothing, [NOTE], [ADD], [SET, fails("no")], [REMOVE], [ERASE]);
    await expect(failure).rejects.toMatchObject({ reason: "failed" });
  });

  const gone = fails('Cannot remove namespace file "/run/netns/red": No such file or directory', 1);
  test.each<[string, Exchange[]]>([
    ["a noted file without a namespace", [[LOOK, HOLLOW], [HOST, noted(MAKING)], [PIDS], [REMOVE], [ERASE]]],
    [
      "a namespace that was created and not marked",
      [[LOOK, tells([LO])], [HOST, noted(...OTHERS, MAKING)], [PIDS], [REMOVE], [ERASE]],
    ],
    ["a marked namespace without a note", [[LOOK, own], [PIDS], [REMOVE]]],
    [
      "nothing if the namespace has no owner",
      [
        [LOOK, tells([LO])],
        [HOST, noted(...OTHERS)],
      ],
    ],
    ["the note of a missing namespace", [[LOOK, ABSENT], [HOST, noted(MAKING)], [PIDS], [REMOVE, gone], [ERASE]]],
    [
      "nothing if a file without a namespace belongs to another stack",
      [
        [LOOK, HOLLOW],
        [HOST, noted(...OTHERS)],
      ],
    ],
    [
      "a note that disappears meanwhile",
      [[LOOK, ABSENT], [HOST, noted(MAKING)], [PIDS], [REMOVE, gone], [ERASE, gone]],
    ],
  ])("delete removes %s", async (_what, script) => {
    await live(script, (life) => life.delete("red", inputs));
  });

  const many = Array.from({ length: 12 }, (_none, index) => String(100 + index));
  const named = (...lines: string[]) => ({ code: 0, stdout: `${lines.join("\n")}\n`, stderr: "" });
  test.each<[string, string[], CommandResult, string | undefined]>([
    [
      "the processes that keep it, sorted by their ids",
      ["9", "10"],
      named("10 bash", "9 my shell"),
      "9 (my shell), 10 (bash)\n",
    ],
    ["the first ten of these processes", many, named(...many.map((pid) => `${pid} sleep`)), "109 (sleep) and 2 more\n"],
    ["no process that has ended meanwhile", ["9"], named(), undefined],
    ["no processes if the query fails", ["9"], fails("sh: cannot fork"), undefined],
  ])("delete warns of %s", async (_what, pids, names, told) => {
    const said: string[] = [];
    const script: Exchange[] = [
      [LOOK, own],
      [PIDS, inRed(...pids)],
      [`ps -o pid=,comm= -p ${pids.join(",")}`, names],
      [REMOVE],
    ];
    await scripted(script, (kernel) =>
      (lifecycles(kernel, { warn: (text) => said.push(text) }).get("Namespace") as Lifecycle).delete("red", inputs),
    );
    expect(said).toEqual(told === undefined ? [] : [expect.stringContaining(told)]);
  });

  test("delete does not warn if it fails", async () => {
    const said: string[] = [];
    const script: Exchange[] = [
      [LOOK, own],
      [PIDS, inRed("9")],
      ["ps -o pid=,comm= -p 9", named("9 bash")],
      [REMOVE, fails("Operation not permitted")],
    ];
    const end = scripted(script, (kernel) =>
      (lifecycles(kernel, { warn: (text) => said.push(text) }).get("Namespace") as Lifecycle).delete("red", inputs),
    );
    await expect(end).rejects.toThrow("not permitted");
    expect(said).toEqual([]);
  });

  test.each([
    ["a noted file without a namespace", HOLLOW, noted(MAKING)],
    ["noted and missing", ABSENT, noted(MAKING)],
    ["without a mark and a note", tells([LO]), tells([LO])],
  ])("refresh reports it as deleted if it is %s", async (_what, links, host) => {
    expect(
      await live(
        [
          ["ip -n red -json -details address show", links],
          ["ip -n red -json -details -4 route show exact default table 254", tells([])],
          [HOST, host],
        ],
        (life) => life.read("red", inputs),
      ),
    ).toEqual({ id: "" });
  });
});
