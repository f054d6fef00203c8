import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import type { Kernel } from "../../../provider/kernel/kernel.ts";
import { sysctl } from "../../../provider/kinds/sysctl.ts";
import type { Lifecycle, Properties } from "../../../provider/lifecycle.ts";
import { markOf } from "../../../provider/owner.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK } from "../samples.ts";
import { fails, tells } from "../script.ts";

const KEY = "net.ipv4.ip_forward";
const [SELF, PROD, TEST] = ["19b9f019", "cf913497", "6d115268"];
type Seen = NonNullable<Parameters<typeof sysctl.plan>[0]["seen"]>;
const end = (more: Partial<Seen>) =>
  sysctl.plan({
    seen: {
      state: { key: KEY, value: "1" },
      mark: MARK,
      own: { by: SELF, previous: "0" },
      given: "1",
      noted: true,
      others: [],
      ...more,
    },
    desired: undefined,
    mark: MARK,
  });
const add = (previous: string, by: string) => `ip link property add dev lo altname ${KEY}=${previous}:${by}`;
const del = (previous: string, by: string) => `ip link property del dev lo altname ${KEY}=${previous}:${by}`;
const write = (value: string) => `sysctl --write ${KEY}=${value}`;

describe("the end of one of several settings of a key", () => {
  test.each<[string, Partial<Seen>, string[]]>([
    ["brings back the value from before where it is the last", {}, [write("0"), del("0", SELF)]],
    [
      "leaves the value to the one that found it, and what was before it, too",
      { others: [{ by: PROD, previous: "1" }] },
      [del("0", SELF), del("1", PROD), add("0", PROD)],
    ],
    [
      "leaves another value to the one that set it after it",
      { state: { key: KEY, value: "2" }, others: [{ by: PROD, previous: "1" }] },
      [del("0", SELF), del("1", PROD), add("0", PROD)],
    ],
    [
      "brings back the other's value where it is the latest",
      { own: { by: SELF, previous: "2" }, others: [{ by: PROD, previous: "0" }] },
      [write("2"), del("2", SELF)],
    ],
    [
      "leaves the value where it is the latest and has changed nothing",
      { own: { by: SELF, previous: "1" }, others: [{ by: PROD, previous: "0" }] },
      [del("1", SELF)],
    ],
    [
      "finds the one that found its value among several",
      {
        others: [
          { by: PROD, previous: "7" },
          { by: TEST, previous: "1" },
        ],
      },
      [del("0", SELF), del("1", TEST), add("0", TEST)],
    ],
    [
      "takes the first where several found its value, and leaves the others as they are",
      {
        others: [
          { by: TEST, previous: "1" },
          { by: PROD, previous: "1" },
        ],
      },
      [del("0", SELF), del("1", TEST), add("0", TEST)],
    ],
    [
      "goes by what it gave, not by what is there",
      { state: { key: KEY, value: "2" }, others: [{ by: PROD, previous: "2" }] },
      [write("0"), del("0", SELF)],
    ],
    [
      "leaves an heir that value from before which is kept and not noted",
      { noted: false, own: { by: SELF, previous: "5" }, others: [{ by: PROD, previous: "1" }] },
      [del("5", SELF), del("1", PROD), add("5", PROD)],
    ],
  ])("%s", (_what, more, lines) => {
    expect(showPlan(end(more))).toBe(lines.join("\n"));
  });

  test("spells the heir's note as its own, and in the namespace", () => {
    const key = "net.ipv4.conf.eth0/1.tcp_rmem";
    const plan = end({
      state: { key, value: "1 2", namespace: "red" },
      given: "1 2",
      own: { by: SELF, previous: "3 4" },
      others: [{ by: PROD, previous: "1 2" }],
    });
    const altname = (words: string, by: string) => `dev lo altname 'net.ipv4.conf.eth0!1.tcp_rmem=${words}:${by}'`;
    expect(showPlan(plan)).toBe(
      [
        `ip -n red link property del ${altname("3~4", SELF)}`,
        `ip -n red link property del ${altname("1~2", PROD)}`,
        `ip -n red link property add ${altname("3~4", PROD)}`,
      ].join("\n"),
    );
  });

  test("puts up with notes that are gone, or there, already", () => {
    expect(end({ others: [{ by: PROD, previous: "1" }] }).map(({ tolerate }) => tolerate)).toEqual([
      ["absent"],
      ["absent"],
      ["exists"],
    ]);
  });
});

test("a setting that joins others notes its own, and touches theirs neither then nor later", () => {
  const others = [{ by: PROD, previous: "0" }];
  const state = { key: KEY, value: "1" };
  const plan = (noted: boolean, value: string) =>
    showPlan(
      sysctl.plan({
        seen: { state, mark: MARK, own: { by: SELF, previous: "1" }, given: value, noted, others },
        desired: { key: KEY, value },
        mark: MARK,
      }),
    );
  expect([plan(false, "1"), plan(false, "2"), plan(true, "1"), plan(true, "2")]).toEqual([
    add("1", SELF),
    `${add("1", SELF)}\n${write("2")}`,
    "",
    write("2"),
  ]);
});

/** A kernel with one key and a loopback interface that bears notes, and the stacks that set the key there. */
function machine(initial: string) {
  let [value, notes] = [initial, [] as string[]];
  const said = (stdout = "") => ({ code: 0, stdout, stderr: "" });
  const kernel: Kernel = {
    async run({ tool, args }) {
      const word = args.at(-1) ?? "";
      if (tool === "sysctl" && args[0] === "--values") return said(`${value}\n`);
      if (args.includes("show")) return tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames: notes }]);
      if (tool === "sysctl") value = word.slice(KEY.length + 1);
      else if (notes.includes(word) === args.includes("add"))
        return fails(`RTNETLINK answers: ${args.includes("add") ? "File exists" : "No such file or directory"}`);
      else notes = args.includes("add") ? [...notes, word] : notes.filter((text) => text !== word);
      return said();
    },
  };
  const states = new Map<string, Properties>();
  const life = () => lifecycles(kernel).get("Sysctl") as Lifecycle;
  return {
    is: () => ({ value, notes }),
    async up(stack: string, wanted: string) {
      const __mark = markOf({ project: "lab", stack, name: "it", urn: `urn:${stack}` });
      states.set(stack, (await life().create({ key: KEY, value: wanted, __mark })).outs as Properties);
    },
    async destroy(stack: string) {
      await life().delete(KEY, states.get(stack)!);
    },
  };
}

const orders = (all: readonly number[]): number[][] =>
  all.length === 0 ? [[]] : all.flatMap((one) => orders(all.filter((x) => x !== one)).map((rest) => [one, ...rest]));

describe.each([
  ["the same value", ["1", "1", "1", "1"]],
  ["the value that was there", ["0", "0", "0", "0"]],
  ["values of their own", ["1", "2", "3", "4"]],
])("four stacks that set a key to %s", (_what, values) => {
  test.each(orders([0, 1, 2, 3]))(
    "go in the order %i %i %i %i, and the latest of them has its way",
    async (...order) => {
      const lab = machine("0");
      for (const [index, value] of values.entries()) await lab.up(String(index), value);
      const living = new Set(order);
      for (const index of order) {
        await lab.destroy(String(index));
        living.delete(index);
        const latest = living.size === 0 ? "0" : values[Math.max(...living)];
        expect([lab.is().value, lab.is().notes.length]).toEqual([latest, living.size]);
      }
    },
  );
});
