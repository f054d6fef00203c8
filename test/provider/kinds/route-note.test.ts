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
  ["where the program makes the place, without a note", undefined, true, [ADD]],
  ["elsewhere, with a note before it", undefined, false, [note(OWN), ADD]],
  ["where its note is there still", seen({ state: undefined, note: OWN }), false, [ADD]],
  ["that is as it is to be, with a note from now on", seen(), false, [note(OWN)]],
  ["that is as it is to be, with its note", seen({ note: OWN }), false, []],
  ["that is as it is to be, where the program makes the place", seen(), true, []],
  ["that was noted without a backend", seen({ note: OLD_OWN }), false, [note(OWN), erase(OLD_OWN)]],
  ["of a stack that had another name", seen({ note: BY_PROD }), false, [note(OWN), erase(BY_PROD)]],
  ["that was noted in a place that the program makes now", seen({ note: BY_PROD }), true, [erase(BY_PROD)]],
  ["that another stack has made", seen({ mark: STRANGER, note: BY_PROD }), false, [note(OWN), erase(BY_PROD)]],
  ["that others have made", seen({ mark: undefined, isOurs: false }), false, [note(OWN), REPLACE]],
])("the plan for a route %s", (_what, seen, ownsPlace, lines) => {
  expect(showPlan(route.plan({ seen, desired: ready(route, ARGS), mark: MARK, ownsPlace }))).toBe(lines.join("\n"));
});

test("a note is noted in the place of the route, and taken back when the route cannot be made", () => {
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
  ["by its note alone, where it has gone already", seen({ state: undefined, note: OWN }), [erase(OWN)]],
  ["not, where another stack has noted it", seen({ mark: noted("lab/prod"), note: BY_PROD }), []],
])("a route is deleted %s", (_what, seen, lines) => {
  const plan = route.plan({ seen, was: ready(route, ARGS), desired: undefined, mark: MARK });
  expect(showPlan(plan)).toBe(lines.join("\n"));
});

describe("in its life", () => {
  const live = <T>(script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
    scripted(script, (kernel) => act(lifecycles(kernel).get("Route") as Lifecycle));
  const args = { ...ready(route, ARGS), __mark: MARK };
  const EXISTS = fails("RTNETLINK answers: File exists");
  const tried: Exchange[] = [[note(OWN)], [ADD, EXISTS], [erase(OWN)]];

  test("another stack's route is refused to a create, with the stack's name", async () => {
    const failure = live([...tried, routes(undefined, ENTRY), lo(undefined, undefined, BY_PROD)], (life) =>
      life.create(args),
    );
    await expect(failure).rejects.toThrow("already exists and belongs to the stack lab/prod");
  });

  test("another stack's route is taken over when told to, and so is its note", () =>
    live(
      [...tried, routes(undefined, ENTRY), lo(undefined, undefined, BY_PROD), [note(OWN)], [erase(BY_PROD)]],
      (life) => life.create({ ...args, __adopt: true }),
    ));

  test("another stack's route is gone for a read, and left by a delete", async () => {
    const script = [routes(undefined, ENTRY), lo(undefined, undefined, BY_PROD)];
    expect(await live(script, (life) => life.read("id", args))).toEqual({ id: "" });
    await live(script, (life) => life.delete("id", args));
  });

  test("a route that has gone with its link is gone for a read, and its note goes with a delete", async () => {
    const script = [routes(undefined), lo(undefined, undefined, OWN)];
    expect(await live(script, (life) => life.read("id", args))).toEqual({ id: "" });
    await live([...script, [erase(OWN)]], (life) => life.delete("id", args));
  });

  test("a route of a stack that has another name is kept, under its new note", () => {
    const script = [
      routes(undefined, ENTRY),
      lo(undefined, undefined, BY_PROD),
      [note(OWN)],
      [erase(BY_PROD)],
    ] as const;
    return live([...script], (life) => life.update("id", { ...args, __mark: STRANGER }, args));
  });

  test("a route in a namespace of another stack is looked at before it is made", async () => {
    const there = { ...args, namespace: "red" };
    const failure = live([routes("red", ENTRY), lo("red", STRANGER), eth0("red")], (life) => life.create(there));
    await expect(failure).rejects.toThrow("already exists and belongs to the stack lab/prod");
  });
});
