import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { dev, ip } from "../../../provider/kernel/tools/ip.ts";
import { type ObservedRoute, route } from "../../../provider/kinds/route.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { showPlan } from "../../../provider/plan.ts";
import { ready } from "../samples.ts";
import { type Exchange, fails, scripted } from "../script.ts";
import {
  ARGS,
  BY_PROD,
  ENTRY,
  eth0,
  IN_RED,
  lo,
  MARK,
  noteBy,
  noted,
  OLD,
  OLD_OWN,
  OWN,
  routes,
  STRANGER,
} from "./route-note-sample.ts";

const seen = (more: Partial<ObservedRoute> = {}): ObservedRoute => ({
  state: ready(route, ARGS),
  mark: MARK,
  isOurs: true,
  onOwnLink: false,
  note: undefined,
  ...more,
});
const note = (text: string) => `ip link property add dev lo altname '${text}'`;
const erase = (text: string) => `ip link property del dev lo altname '${text}'`;
const [ADD, REPLACE, DELETE] = ["add", "replace", "delete"].map(
  (verb) => `ip -4 route ${verb} 10.7.0.0/16 via 192.168.15.5 dev eth0${verb === "delete" ? "" : " protocol 201"}`,
) as [string, string, string];

test.each<[string, ObservedRoute | undefined, boolean, string[]]>([
  ["in a place that the program creates, without a note", undefined, true, [ADD]],
  ["in another place, with a note before it", undefined, false, [note(OWN), ADD]],
  ["whose note exists", seen({ state: undefined, note: OWN }), false, [ADD]],
  ["that exists without a note, which is added", seen(), false, [note(OWN)]],
  ["that exists with its note", seen({ note: OWN }), false, []],
  ["that exists in a place that the program creates", seen(), true, []],
  ["with a note without a backend", seen({ note: OLD_OWN }), false, [note(OWN), erase(OLD_OWN)]],
  ["of a stack that was renamed", seen({ note: BY_PROD }), false, [note(OWN), erase(BY_PROD)]],
  ["with a note in a place that the program creates now", seen({ note: BY_PROD }), true, [erase(BY_PROD)]],
  ["that another stack has created", seen({ mark: STRANGER, note: BY_PROD }), false, [note(OWN), erase(BY_PROD)]],
  ["that another program has created", seen({ mark: undefined, isOurs: false }), false, [note(OWN), REPLACE]],
])("the plan for a route %s", (_what, seen, ownsPlace, lines) => {
  expect(showPlan(route.plan({ seen, desired: ready(route, ARGS), mark: MARK, ownsPlace }))).toBe(lines.join("\n"));
});

test("a note is added in the place of the route, and deleted if the route cannot be created", () => {
  const desired = ready(route, { ...ARGS, namespace: "red" });
  const [first, second] = route.plan({ seen: undefined, desired, mark: MARK });
  const text = noteBy("lab!dev@11111111", IN_RED);
  expect(first).toEqual({
    run: ip("red", "link", "property", "add", dev("lo"), "altname", text),
    undo: ip("red", "link", "property", "del", dev("lo"), "altname", text),
    tolerate: ["exists"],
  });
  expect(second?.undo).toBeUndefined();
});

test.each<[string, ObservedRoute, string[]]>([
  ["with its note", seen({ note: OWN }), [erase(OWN), DELETE]],
  ["with a note without a backend", seen({ mark: OLD, note: OLD_OWN }), [erase(OLD_OWN), DELETE]],
  ["by deleting its note only if it is missing", seen({ state: undefined, note: OWN }), [erase(OWN)]],
  ["not at all if another stack has a note of it", seen({ mark: noted("lab/prod"), note: BY_PROD }), []],
])("a route is deleted %s", (_what, seen, lines) => {
  const plan = route.plan({ seen, was: ready(route, ARGS), desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(lines.join("\n"));
});

describe("a route", () => {
  const live = <T>(script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
    scripted(script, (kernel) => act(lifecycles(kernel).get("Route") as Lifecycle));
  const args = { ...ready(route, ARGS), __mark: MARK };
  const EXISTS = fails("RTNETLINK answers: File exists");
  const tried: Exchange[] = [[note(OWN)], [ADD, EXISTS], [erase(OWN)]];

  test("of another stack is refused by a create, and the error names the stack", async () => {
    const failure = live([...tried, routes(undefined, ENTRY), lo(undefined, undefined, BY_PROD)], (life) =>
      life.create(args),
    );
    await expect(failure).rejects.toThrow("already exists and belongs to the stack lab/prod");
  });

  test("of another stack is adopted with adopt: true, and its note is replaced", () =>
    live(
      [...tried, routes(undefined, ENTRY), lo(undefined, undefined, BY_PROD), [note(OWN)], [erase(BY_PROD)]],
      (life) => life.create({ ...args, __adopt: true }),
    ));

  test("of another stack is reported as deleted by a refresh, and left by a delete", async () => {
    const script = [routes(undefined, ENTRY), lo(undefined, undefined, BY_PROD)];
    expect(await live(script, (life) => life.read("id", args))).toEqual({ id: "" });
    await live(script, (life) => life.delete("id", args));
  });

  test("that was deleted with its link is reported as deleted by a refresh, and a delete removes its note", async () => {
    const script = [routes(undefined), lo(undefined, undefined, OWN)];
    expect(await live(script, (life) => life.read("id", args))).toEqual({ id: "" });
    await live([...script, [erase(OWN)]], (life) => life.delete("id", args));
  });

  test("of a stack that was renamed is kept and gets a new note", () => {
    const script = [
      routes(undefined, ENTRY),
      lo(undefined, undefined, BY_PROD),
      [note(OWN)],
      [erase(BY_PROD)],
    ] as const;
    return live([...script], (life) => life.update("id", { ...args, __mark: STRANGER }, args));
  });

  test("in a namespace of another stack is queried before it is created", async () => {
    const there = { ...args, namespace: "red" };
    const failure = live([routes("red", ENTRY), lo("red", STRANGER), eth0("red")], (life) => life.create(there));
    await expect(failure).rejects.toThrow("already exists and belongs to the stack lab/prod");
  });
});
