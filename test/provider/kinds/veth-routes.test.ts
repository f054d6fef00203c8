import { describe, expect, test } from "vitest";
import { type ObservedRoute, route } from "../../../provider/kinds/route.ts";
import { veth } from "../../../provider/kinds/veth.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { BORN, carrying, pair, SET_A, SET_B, type Seen } from "./pair.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
const STRANGER = "pulumi-netns:lab/prod:it@0123abcd";
const plan = (change: Omit<Parameters<typeof veth.plan>[0], "mark">) => showPlan(veth.plan({ ...change, mark: MARK }));

describe("a default route of an end", () => {
  const VIA = "192.168.15.5";
  const WITH = pair({ addresses: ["192.168.15.1/24"], gateways: [VIA] });
  const args = ready(route, { namespace: "red", destination: "default", via: VIA, interface: "left" });
  const ADD = `ip -n red -4 route add default via ${VIA} dev left protocol 201`;
  const GIVE = "ip -n red address add 192.168.15.1/24 dev left";
  const over = (link: string): ObservedRoute => ({
    state: { ...args, interface: link },
    mark: MARK,
    isOurs: true,
    onOwnLink: false,
    note: undefined,
  });
  const carried = (seen: ObservedRoute | undefined, ...there: string[]): Seen["addressing"] => {
    const { a, b } = carrying(...there);
    return { a: { ...a, routes: [{ args, seen }] }, b };
  };
  const LEFT = {
    state: undefined,
    mark: SIBLING,
    occupants: [{ end: WITH.a, alias: SIBLING, mark: SIBLING }],
    conflicts: [],
  };

  test.each<[string, Seen | undefined, string[]]>([
    ["is added to a new pair", undefined, [BORN, SET_B, SET_A, GIVE, ADD]],
    [
      "replaces one over another link if the pair does not exist yet",
      { state: undefined, mark: MARK, occupants: [], addressing: carried(over("other")), conflicts: [] },
      [BORN, SET_B, SET_A, GIVE, ADD.replace("add", "replace")],
    ],
    [
      "replaces one over another link if another pair is replaced",
      { ...LEFT, addressing: carried(over("other"), "left") },
      ["ip -n red link delete dev left", BORN, SET_B, SET_A, GIVE, ADD.replace("add", "replace")],
    ],
    [
      "is added if the former one is deleted with the replaced pair",
      { ...LEFT, addressing: carried(over("left"), "left") },
      ["ip -n red link delete dev left", BORN, SET_B, SET_A, GIVE, ADD],
    ],
  ])("%s", (_what, seen, lines) => {
    expect(plan({ seen, desired: WITH })).toBe(lines.join("\n"));
  });

  test("is refused before any command if another stack has a default route", () => {
    const foreign = { ...over("other"), mark: STRANGER };
    const seen = { state: undefined, mark: MARK, occupants: [], addressing: carried(foreign), conflicts: [] };
    expect(() => plan({ seen, desired: WITH })).toThrow(`default route via ${VIA} of left cannot be added`);
  });
});
