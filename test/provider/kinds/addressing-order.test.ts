import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ip } from "../../../provider/kernel/tools/ip.ts";
import { addressingState, type ObservedAddressing, planAddressing } from "../../../provider/kinds/addressing.ts";
import { route } from "../../../provider/kinds/route.ts";
import type { RouteArgs } from "../../../provider/kinds/route-args.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK, ready } from "../samples.ts";
import { inet } from "./inet.ts";

const VIA = "10.0.0.254";
const carrier = (addresses: readonly string[], gateways: readonly string[] = []) => ({
  name: "eth0",
  up: true,
  addresses,
  gateways,
});
type End = ReturnType<typeof carrier>;
const DEFAULT: RouteArgs = ready(route, { destination: "default", via: VIA, interface: "eth0" });

/** Returns the observed addressing of a link. */
const carriedBy = (model: ReturnType<typeof inet>, gateways: readonly string[]): ObservedAddressing => ({
  link: model.link(),
  routes: gateways.map(() => ({
    args: DEFAULT,
    seen: model.routes().includes(VIA)
      ? { state: DEFAULT, mark: MARK, isOurs: true, onOwnLink: false, note: undefined }
      : undefined,
  })),
});

/** Returns the plan for a link whose arguments do not differ otherwise. */
const planFor = (model: ReturnType<typeof inet>, was: End, desired: End) =>
  planAddressing({ seen: desired, was, desired, addressing: carriedBy(model, desired.gateways), mark: MARK });

/** Returns a link to which addresses were added one after the other. */
function linkWith(promotes: boolean, ...texts: string[]) {
  const model = inet(promotes);
  for (const text of texts) model.add(text);
  return model;
}

const [A1, A2, A3, B1] = ["10.0.0.1/24", "10.0.0.2/24", "10.0.0.3/24", "10.1.0.1/24"];
const add = (text: string) => `ip address add ${text} dev eth0`;
const back = (text: string) => `${add(text)} scope global`;
const del = (text: string) => `ip address delete ${text} dev eth0`;
const replace = `ip -4 route replace default via ${VIA} dev eth0 protocol 201`;

describe("addresses in another order", () => {
  test.each<[string, string[], string[], string[], string[]]>([
    ["are all added again", [A1, A2], [A1, A2], [A2, A1], [del(A2), del(A1), add(A2), add(A1)]],
    ["are not changed if the kernel's order is the same", [A1, A2, B1], [A1, A2, B1], [A1, B1, A2], []],
    [
      "are added again, with foreign ones that are deleted with them",
      [A1, A2, A3],
      [A1, A2],
      [A2, A1],
      [del(A2), del(A1), add(A2), add(A1), back(A3)],
    ],
    ["are added again behind an added one", [A1], [A1], [B1, A1], [del(A1), add(B1), add(A1)]],
    ["are not added again before an added one", [A1], [A1], [A1, B1], [add(B1)]],
    [
      "are added again after one before them was deleted",
      [A1, B1, A2],
      [A1, B1, A2],
      [A2, B1],
      [del(A2), del(B1), del(A1), add(A2), add(B1)],
    ],
    [
      "are added again after the primary one of their network was deleted",
      [A1, A2, A3],
      [A1, A2, A3],
      [A2, A3],
      [del(A2), del(A3), del(A1), add(A2), add(A3)],
    ],
    [
      "are not added again after a secondary one of their network was deleted",
      [A1, A2, A3],
      [A1, A2, A3],
      [A1, A3],
      [del(A2), add(A1), add(A3)],
    ],
    [
      "are added again together with foreign ones after the primary one of their network was deleted",
      [A1, A2, A3],
      [A1, A2],
      [A2],
      [del(A1), back(A2), back(A3), add(A2)],
    ],
  ])("%s", (_what, there, was, desired, lines) => {
    const plan = planFor(linkWith(false, ...there), carrier(was), carrier(desired));
    expect(showPlan(plan).split("\n").filter(Boolean)).toEqual(lines);
  });

  test("delete the default route with them, which is added again behind them", () => {
    const model = linkWith(false, A1, A2);
    model.carryOut([{ run: ip(undefined, "route", "add", "default", "via", VIA) }]);
    const plan = planFor(model, carrier([A1, A2], [VIA]), carrier([A2, A1], [VIA]));
    expect(showPlan(plan)).toBe([del(A2), del(A1), add(A2), add(A1), replace].join("\n"));
  });
});

const inetText = fc.constantFrom(A1, A2, A3, B1, "10.1.0.2/24", "10.1.0.3/24", "10.2.0.1/16");
const six = fc.constantFrom("fd00::1/64", "fd00::2/64");
const own = fc.uniqueArray(fc.oneof({ weight: 4, arbitrary: inetText }, { weight: 1, arbitrary: six }), {
  maxLength: 5,
});
const others = fc.uniqueArray(fc.constantFrom("10.0.0.9/24", "10.1.0.9/24", "10.9.0.9/24"), { maxLength: 2 });
/** Generates changes by a user. */
const drift = fc.array(fc.record({ verb: fc.constantFrom("add", "remove"), text: inetText }), { maxLength: 3 });
const gateways = fc.constantFrom([], [VIA]);

test("a link gets its declared addresses in their order from any other state, and keeps foreign ones", () => {
  fc.assert(
    fc.property(
      fc.boolean(),
      fc.record({ was: own, desired: own, first: others, last: others, drift }),
      fc.tuple(gateways, gateways),
      (promotes, { was, desired, first, last, drift }, [before, after]) => {
        const model = linkWith(promotes, ...first, ...was, ...last);
        const inetOf = (texts: readonly string[]) => texts.filter((text) => !text.includes(":"));
        // A default route needs an address.
        const [old, next] = [
          carrier(was, inetOf(was).length > 0 ? before : []),
          carrier(desired, inetOf(desired).length > 0 ? after : []),
        ];
        model.carryOut(old.gateways.map((via) => ({ run: ip(undefined, "route", "add", "default", "via", via) })));
        for (const { verb, text } of drift) model[verb === "add" ? "add" : "remove"](text);
        const strangers = model.texts().filter((text) => !was.includes(text) && !desired.includes(text));

        model.carryOut(planFor(model, old, next));
        const carried = carriedBy(model, next.gateways);
        const [addresses, via] = [desired, next.gateways].map((all) => (all.length === 0 ? undefined : all));
        expect(addressingState(next, carried)).toEqual({
          ...(addresses && { addresses }),
          ...(via && { gateways: via }),
        });
        // Only addresses that the link no longer declares are deleted.
        expect(new Set(model.texts())).toEqual(new Set([...strangers, ...desired]));
        expect(showPlan(planFor(model, next, next))).toBe("");
      },
    ),
    { numRuns: 500 },
  );
});
