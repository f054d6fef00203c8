import { describe, expect, test } from "vitest";
import { lifecycles } from "../../../provider/host.ts";
import { route, type SeenRoute } from "../../../provider/kinds/route.ts";
import type { Lifecycle } from "../../../provider/lifecycle.ts";
import { showPlan } from "../../../provider/plan.ts";
import { ready } from "../samples.ts";
import { type Exchange, fails, scripted, tells } from "../script.ts";

/* A route has no room for a mark: a note on the loopback interface says whose it is, or the place that it is in. */

const MARK = "pulumi-netns:lab/dev@11111111:it@0123abcd";
const SIBLING = "pulumi-netns:lab/dev@11111111:sibling@89abcdef";
const OLD = "pulumi-netns:lab/dev:it@0123abcd";
const STRANGER = "pulumi-netns:lab/prod@11111111:it@0123abcd";
const ELSEWHERE = "pulumi-netns:lab/dev@22222222:it@0123abcd";

const ARGS = { destination: "10.7.0.0/16", via: "192.168.15.5", interface: "eth0" };
/** The note of the route on the lab host, and of the same route in the namespace red. */
const [HASH, IN_RED] = ["93501850", "069f8b53"];
const noteBy = (stack: string, hash = HASH) => `pulumi-netns:route:${hash}:${stack}`;
const [OWN, OLD_OWN] = [noteBy("lab!dev@11111111"), noteBy("lab!dev")];
const [BY_PROD, BY_ELSEWHERE] = [noteBy("lab!prod@11111111"), noteBy("lab!dev@22222222")];
const OTHERS = ["uplink", noteBy("lab!dev@11111111", "01234567"), "pulumi-netns:making:01234567"];
/** The mark that a note stands for. */
const noted = (stack: string, hash = HASH) => `pulumi-netns:${stack}:route@${hash}`;

const LINK = { ifindex: 1, flags: ["UP"], mtu: 1500, address: "02:00:00:00:00:01" };
const ENTRY = { type: "unicast", dst: "10.7.0.0/16", gateway: "192.168.15.5", dev: "eth0", protocol: "201", flags: [] };
const ip = (namespace: string | undefined) => (namespace === undefined ? "ip" : `ip -n ${namespace}`);
const routes = (namespace: string | undefined, ...entries: object[]): Exchange => [
  `${ip(namespace)} -json -details -family inet route show exact 10.7.0.0/16 table 254`,
  tells(entries),
];
const lo = (namespace: string | undefined, ifalias: string | undefined, ...altnames: string[]): Exchange => [
  `${ip(namespace)} -json -details address show dev lo`,
  tells([{ ...LINK, ifname: "lo", ...(ifalias !== undefined && { ifalias }), altnames }]),
];
const eth0 = (namespace: string | undefined, ifalias?: string): Exchange => [
  `${ip(namespace)} -json -details address show dev eth0`,
  tells([{ ...LINK, ifname: "eth0", ...(ifalias !== undefined && { ifalias }) }]),
];

describe("a route that this package has made", () => {
  const observe = (namespace: string | undefined, ...script: Exchange[]) =>
    scripted([routes(namespace, ENTRY), ...script], (kernel) =>
      route.observe(kernel, ready(route, { ...ARGS, namespace }), MARK),
    );
  const own = { mark: MARK, note: undefined };

  test.each<[string, Exchange[], { mark: string; note: string | undefined }]>([
    ["that it has noted", [lo(undefined, undefined, ...OTHERS, OWN)], { mark: noted("lab/dev@11111111"), note: OWN }],
    [
      "that it has noted without a backend",
      [lo(undefined, undefined, OLD_OWN)],
      { mark: noted("lab/dev"), note: OLD_OWN },
    ],
    [
      "that another has noted",
      [lo(undefined, undefined, BY_PROD)],
      { mark: noted("lab/prod@11111111"), note: BY_PROD },
    ],
    [
      "that one of its name in another backend has noted",
      [lo(undefined, undefined, BY_ELSEWHERE)],
      { mark: noted("lab/dev@22222222"), note: BY_ELSEWHERE },
    ],
    [
      "that it has noted, and another before",
      [lo(undefined, undefined, BY_PROD, OWN)],
      { mark: noted("lab/dev@11111111"), note: OWN },
    ],
    ["on whose link there is no mark", [lo(undefined, undefined, ...OTHERS), eth0(undefined)], own],
    ["on whose link a person's text is", [lo(undefined, undefined), eth0(undefined, "uplink")], own],
    ["on whose link its own mark is", [lo(undefined, undefined), eth0(undefined, SIBLING)], own],
    [
      "on another stack's link",
      [lo(undefined, undefined), eth0(undefined, STRANGER)],
      { mark: STRANGER, note: undefined },
    ],
    // The lab host is no stack's, whatever is written on it.
    ["on the lab host, on which another stack's mark is", [lo(undefined, STRANGER), eth0(undefined)], own],
  ])("is, on the lab host, of the stack %s", async (_what, script, expected) => {
    expect(await observe(undefined, ...script)).toMatchObject({ byUs: true, onOwnLink: false, ...expected });
  });

  test.each<[string, Exchange[], { mark: string; note: string | undefined }]>([
    ["its own, without a look at the link", [lo("red", SIBLING)], own],
    ["its own of version 0.1.0", [lo("red", OLD)], own],
    ["without a mark", [lo("red", undefined), eth0("red")], own],
    [
      "without a mark, and so is not the link",
      [lo("red", undefined), eth0("red", STRANGER)],
      { mark: STRANGER, note: undefined },
    ],
    ["another's", [lo("red", STRANGER), eth0("red")], { mark: STRANGER, note: undefined }],
    [
      "another's, though the link is its own",
      [lo("red", STRANGER), eth0("red", SIBLING)],
      { mark: STRANGER, note: undefined },
    ],
    ["one of its name in another backend", [lo("red", ELSEWHERE), eth0("red")], { mark: ELSEWHERE, note: undefined }],
    [
      "another's, where it has noted the route",
      [lo("red", STRANGER, noteBy("lab!dev@11111111", IN_RED))],
      { mark: noted("lab/dev@11111111", IN_RED), note: noteBy("lab!dev@11111111", IN_RED) },
    ],
    [
      "its own, where another has noted the route",
      [lo("red", MARK, noteBy("lab!prod@11111111", IN_RED))],
      { mark: noted("lab/prod@11111111", IN_RED), note: noteBy("lab!prod@11111111", IN_RED) },
    ],
    ["its own, where the same route is noted on the lab host", [lo("red", MARK, BY_PROD)], own],
  ])("is, in a namespace, of the stack that the place tells: %s", async (_what, script, expected) => {
    expect(await observe("red", ...script)).toMatchObject({ byUs: true, onOwnLink: false, ...expected });
  });
});

describe("a route of another protocol", () => {
  const observe = (entry: object, ...script: Exchange[]) =>
    scripted([routes(undefined, { ...ENTRY, ...entry }), ...script], (kernel) =>
      route.observe(kernel, ready(route, ARGS), MARK),
    );

  test.each<[string, object, Exchange[], boolean]>([
    ["over a link of the stack", { protocol: "static" }, [eth0(undefined, SIBLING)], true],
    ["over a link of the stack of version 0.1.0", { protocol: "boot" }, [eth0(undefined, OLD)], true],
    ["over another stack's link", { protocol: "static" }, [eth0(undefined, STRANGER)], false],
    ["over a link without a mark", { protocol: "static" }, [eth0(undefined)], false],
    ["over no link", { protocol: "static", type: "blackhole", dev: undefined }, [], false],
    // It came with an address of the link.
    ["that the kernel has made", { protocol: "kernel" }, [], false],
  ])("is no stack's, %s", async (_what, entry, script, onOwnLink) => {
    expect(await observe(entry, ...script)).toMatchObject({ byUs: false, onOwnLink, mark: undefined, note: undefined });
  });
});

describe("a note without a route", () => {
  const observe = (...altnames: string[]) =>
    scripted([routes(undefined), lo(undefined, undefined, ...altnames)], (kernel) =>
      route.observe(kernel, ready(route, ARGS), MARK),
    );

  test("is what is left of the own", async () => {
    expect(await observe(...OTHERS, BY_PROD, OWN)).toEqual({
      state: undefined,
      mark: noted("lab/dev@11111111"),
      byUs: true,
      onOwnLink: false,
      note: OWN,
    });
  });

  test.each([[[]], [OTHERS], [[BY_PROD]]])("is nothing where it is not the own: %j", async (altnames) => {
    expect(await observe(...altnames)).toBeUndefined();
  });
});

const seen = (more: Partial<SeenRoute> = {}): SeenRoute => ({
  state: ready(route, ARGS),
  mark: MARK,
  byUs: true,
  onOwnLink: false,
  note: undefined,
  ...more,
});
const note = (text: string) => `ip link property add dev lo altname '${text}'`;
const erase = (text: string) => `ip link property del dev lo altname '${text}'`;
const [ADD, REPLACE, DELETE] = ["add", "replace", "delete"].map(
  (verb) => `ip -4 route ${verb} 10.7.0.0/16 via 192.168.15.5 dev eth0${verb === "delete" ? "" : " protocol 201"}`,
) as [string, string, string];

test.each<[string, SeenRoute | undefined, boolean, string[]]>([
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
  ["that others have made", seen({ mark: undefined, byUs: false }), false, [note(OWN), REPLACE]],
])("the plan for a route %s", (_what, seen, atHome, lines) => {
  expect(showPlan(route.plan({ seen, desired: ready(route, ARGS), mark: MARK, atHome }))).toBe(lines.join("\n"));
});

test("a note is noted in the place of the route, and taken back when the route cannot be made", () => {
  const desired = ready(route, { ...ARGS, namespace: "red" });
  const [first, second] = route.plan({ seen: undefined, desired, mark: MARK });
  const text = noteBy("lab!dev@11111111", IN_RED);
  expect(first).toEqual({
    run: { tool: "ip", namespace: "red", args: ["link", "property", "add", "dev", "lo", "altname", text] },
    undo: { tool: "ip", namespace: "red", args: ["link", "property", "del", "dev", "lo", "altname", text] },
    tolerate: ["exists"],
  });
  expect(second?.undo).toBeUndefined();
});

test.each<[string, SeenRoute, string[]]>([
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
    await expect(failure).rejects.toThrow("exists already and belongs to the stack lab/prod.");
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
    await expect(failure).rejects.toThrow("exists already and belongs to the stack lab/prod.");
  });
});
