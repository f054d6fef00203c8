import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { argsOf } from "../../../provider/kernel/command.ts";
import { oneByOne } from "../../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { markOf } from "../../../provider/owner.ts";
import type { Properties } from "../../../provider/properties.ts";
import { fails, tells } from "../script.ts";

const SWITCH = "net.ipv4.ip_forward";
const settingOf = (link: string) => `net.ipv4.conf.${link}.forwarding`;
const REDIRECTS = "net.ipv4.conf.all.accept_redirects";
const LINKS = ["default", "eth0", "eth1"];
const KEYS = [SWITCH, REDIRECTS, ...LINKS.map(settingOf)];

/** A kernel with the settings of forwarding. A change of the switch also writes all other settings. */
function machine(initial: Readonly<Record<string, string>>) {
  const values = new Map(Object.entries(initial));
  let notes: string[] = [];
  const said = (stdout = "") => ({ code: 0, stdout, stderr: "" });

  function write(key: string, value: string): void {
    if (key === SWITCH && values.get(key) !== value) {
      for (const link of LINKS) values.set(settingOf(link), value);
      values.set(REDIRECTS, value === "0" ? "1" : "0");
    }
    values.set(key, value);
  }

  const kernel = oneByOne(async (command) => {
    const [tool, args] = [command.tool, argsOf(command)];
    const word = args.at(-1) ?? "";
    if (args.includes("show")) return tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, altnames: notes }]);
    if (args[0] === "--values") return said(`${values.get(word)}\n`);
    if (args[0] === "--write") {
      write(word.split("=")[0] ?? "", word.split("=")[1] ?? "");
      return said();
    }
    if (tool === "sh") {
      const beside = [["all", values.get(SWITCH)], ...LINKS.map((link) => [link, values.get(settingOf(link))])];
      const lines = beside.map(([link, value]) => `/proc/sys/net/ipv4/conf/${link}/forwarding:${value}\n`);
      return said(`${lines.join("")}/proc/sys/net/ipv4/conf/all/accept_redirects:${values.get(REDIRECTS)}\n`);
    }
    const adds = args.includes("add");
    if (notes.includes(word) === adds)
      return fails(`RTNETLINK answers: ${adds ? "File exists" : "No such file or directory"}`);
    notes = adds ? [...notes, word] : notes.filter((text) => text !== word);
    return said();
  });

  const states = new Map<string, { key: string; outputs: Properties }>();
  const life = () => lifecycles(kernel).get("Sysctl") as Lifecycle;
  return {
    values: () => Object.fromEntries(values),
    notes: () => notes,
    write,
    /** Returns the keys of the stacks' resources with their desired values. */
    wanted: () => [...states.values()].map(({ key, outputs }) => [key, outputs["value"]] as const),
    async up(key: string, value: string, stack = "dev") {
      const name = `${stack} ${key}`;
      const news = { key, value, __mark: markOf({ project: "lab", stack, name: key, urn: name }) };
      const olds = states.get(name)?.outputs;
      const { outs } = olds === undefined ? await life().create(news) : await life().update(key, olds, news);
      states.set(name, { key, outputs: outs as Properties });
    },
    async destroy(key: string, stack = "dev") {
      const state = states.get(`${stack} ${key}`);
      if (state !== undefined) await life().delete(key, state.outputs);
      states.delete(`${stack} ${key}`);
    },
  };
}

const OFF = { [SWITCH]: "0", [REDIRECTS]: "1", ...Object.fromEntries(LINKS.map((link) => [settingOf(link), "0"])) };
const ODD = { ...OFF, [settingOf("eth0")]: "1", [REDIRECTS]: "0" };

describe("a switch", () => {
  test("notes only the values that the kernel would not restore", async () => {
    const lab = machine(ODD);
    await lab.up(SWITCH, "1");
    expect(lab.notes()).toEqual([
      "net.ipv4.ip_forward=0:6d3d18b0",
      "+net.ipv4.conf.eth0.forwarding=1:6d3d18b0",
      "+net.ipv4.conf.all.accept_redirects=0:6d3d18b0",
    ]);
    expect(lab.values()).toEqual({ ...OFF, [SWITCH]: "1", [REDIRECTS]: "0", ...forEach("1") });
  });

  test("notes no other settings if it already has the value", async () => {
    const lab = machine(ODD);
    await lab.up(SWITCH, "0");
    expect(lab.notes()).toEqual(["net.ipv4.ip_forward=0:6d3d18b0"]);
    await lab.destroy(SWITCH);
    expect([lab.values(), lab.notes()]).toEqual([ODD, []]);
  });

  test("restores the other settings when it is deleted", async () => {
    const lab = machine(ODD);
    await lab.up(SWITCH, "1");
    await lab.destroy(SWITCH);
    expect([lab.values(), lab.notes()]).toEqual([ODD, []]);
  });

  test("restores them also after it was changed several times", async () => {
    const lab = machine(ODD);
    for (const value of ["1", "0", "1"]) await lab.up(SWITCH, value);
    await lab.destroy(SWITCH);
    expect([lab.values(), lab.notes()]).toEqual([ODD, []]);
  });

  test("restores them also if a user has set the former value of the switch", async () => {
    const lab = machine(ODD);
    await lab.up(SWITCH, "1");
    lab.write(SWITCH, "0");
    await lab.destroy(SWITCH);
    expect([lab.values(), lab.notes()]).toEqual([ODD, []]);
  });

  test("leaves the settings that the stack declares before or after it", async () => {
    const lab = machine(OFF);
    await lab.up(settingOf("eth0"), "0");
    await lab.up(SWITCH, "1");
    await lab.up(settingOf("eth1"), "0");
    expect(lab.values()).toEqual({ ...OFF, [SWITCH]: "1", [REDIRECTS]: "0", [settingOf("default")]: "1" });
    await lab.destroy(SWITCH);
    expect(lab.values()).toEqual(OFF);
  });
});

function forEach(value: string): Record<string, string> {
  return Object.fromEntries(LINKS.map((link) => [settingOf(link), value]));
}

const bit = fc.constantFrom("0", "1");
const initial = fc.record(Object.fromEntries(KEYS.map((key) => [key, bit])));
const key = fc.constantFrom(SWITCH, REDIRECTS, settingOf("eth0"), settingOf("eth1"));

test("declared settings keep their values after any creates, changes and deletes", async () => {
  const moves = fc.array(fc.record({ key, to: fc.option(bit, { nil: undefined }) }), { maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(initial, moves, async (initial, moves) => {
      const lab = machine(initial);
      for (const { key, to } of moves) {
        await (to === undefined ? lab.destroy(key) : lab.up(key, to));
        expect(lab.values()).toMatchObject(Object.fromEntries(lab.wanted()));
      }
    }),
    { numRuns: 300 },
  );
});

test("after all deletes each setting has its initial value, if settings that were declared after the switch are deleted before it", async () => {
  const moves = fc.uniqueArray(fc.record({ key, to: bit }), { selector: (move) => move.key });
  const going = fc.shuffledSubarray([REDIRECTS, settingOf("eth0"), settingOf("eth1")], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(initial, moves, going, fc.nat({ max: 3 }), async (initial, moves, going, place) => {
      const lab = machine(initial);
      for (const { key, to } of moves) await lab.up(key, to);
      const first = (key: string) => moves.findIndex((move) => move.key === key);
      const came = going.map((key) => first(key) > first(SWITCH));
      const order = going.toSpliced(Math.max(place, came.lastIndexOf(true) + 1), 0, SWITCH);
      for (const key of order) await lab.destroy(key);
      expect([lab.values(), lab.notes()]).toEqual([initial, []]);
    }),
    { numRuns: 500 },
  );
});

test("after the deletes of all stacks with the switch each setting has its initial value, for any order of creates and deletes", async () => {
  const stack = fc.constantFrom("dev", "prod", "test");
  const moves = fc.array(fc.record({ stack, to: fc.option(bit, { nil: undefined }) }), { maxLength: 8 });
  const going = fc.shuffledSubarray(["dev", "prod", "test"], { minLength: 3 });
  await fc.assert(
    fc.asyncProperty(initial, moves, going, async (initial, moves, going) => {
      const lab = machine(initial);
      for (const { stack, to } of moves)
        await (to === undefined ? lab.destroy(SWITCH, stack) : lab.up(SWITCH, to, stack));
      for (const stack of going) await lab.destroy(SWITCH, stack);
      expect([lab.values(), lab.notes()]).toEqual([initial, []]);
    }),
    { numRuns: 500 },
  );
});

test("a delete of a switch leaves the settings of other stacks", async () => {
  const lab = machine(OFF);
  await lab.up(SWITCH, "1");
  await lab.up(settingOf("eth0"), "1", "prod");
  await lab.destroy(SWITCH);
  expect(lab.values()).toEqual({ ...OFF, [settingOf("eth0")]: "1" });
});
