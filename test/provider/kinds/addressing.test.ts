import { describe, expect, test } from "vitest";
import { type AddressingChange, planAddressing } from "../../../provider/kinds/addressing.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK } from "../samples.ts";
import {
  ADD_NEAR,
  ADD_NEW,
  ADD_OLD,
  ADD_SIX,
  AGAIN,
  AGAIN6,
  carried,
  carriedWith,
  carrier,
  DELETE_OLD,
  type End,
  FULL,
  GATE,
  GATE6,
  LOST,
  NEAR,
  NEW,
  OLD,
  ours,
  ROUTE,
  ROUTE6,
  routeVia,
  SIX,
  UNROUTE,
} from "./addressing-sample.ts";

describe("what a link carries is brought about", () => {
  /** A link that has been seen with what it was to carry. */
  const from = (was: End) => ({ seen: was, was, addressing: carried(was.addresses, was.gateways) });
  const lines = (change: Omit<AddressingChange, "mark">) =>
    showPlan(planAddressing({ ...change, mark: MARK }))
      .split("\n")
      .filter(Boolean);

  test.each<[string, Omit<AddressingChange, "mark">, string[]]>([
    ["on a new link", { desired: FULL }, [ADD_OLD, ADD_SIX, ROUTE, ROUTE6]],
    ["on a new link that carries nothing", { desired: carrier() }, []],
    ["when nothing changes", { ...from(FULL), desired: FULL }, []],
    ["when an address comes", { ...from(carrier([OLD])), desired: carrier([OLD, NEW]) }, [ADD_NEW]],
    ["when an address goes", { ...from(carrier([OLD])), desired: carrier() }, [DELETE_OLD]],
    [
      "when an address gives way to another, which is there before and put back after",
      { ...from(carrier([OLD])), desired: carrier([NEW]) },
      [ADD_NEW, DELETE_OLD, ADD_NEW],
    ],
    [
      "when an address gives way under a route, which is put back after it",
      { ...from(carrier([OLD], [GATE])), desired: carrier([NEAR], [GATE]) },
      [ADD_NEAR, DELETE_OLD, ADD_NEAR, AGAIN],
    ],
    ["when a gateway comes", { ...from(carrier([OLD])), desired: carrier([OLD], [GATE]) }, [ROUTE]],
    ["when a gateway goes", { ...from(carrier([OLD], [GATE])), desired: carrier([OLD]) }, [UNROUTE]],
    [
      "when all goes, the routes first",
      { ...from(FULL), desired: carrier([SIX], [GATE6]) },
      [UNROUTE, DELETE_OLD, ADD_SIX, AGAIN6],
    ],
    [
      "when an address has been lost, and its route with it",
      {
        ...from(FULL),
        addressing: { ...carried([SIX], [GATE6]), routes: [LOST, ...carried([], [GATE6]).routes] },
        desired: FULL,
      },
      [ADD_OLD, ROUTE],
    ],
    [
      "when what is to go has gone already",
      { ...from(carrier([OLD])), addressing: carried([]), desired: carrier() },
      [],
    ],
    [
      "when the link was down, where nothing counts on what was seen",
      { ...from(FULL), seen: { ...FULL, up: false }, desired: FULL },
      [ADD_OLD, ADD_SIX, AGAIN, AGAIN6],
    ],
    [
      "when the link was too small for IPv6, where nothing counts on what was seen",
      { ...from(FULL), seen: { ...FULL, mtu: 1279 }, desired: { ...FULL, mtu: 1500 } },
      [ADD_OLD, ADD_SIX, AGAIN, AGAIN6],
    ],
    ["when the link becomes smaller, and large enough", { ...from(FULL), desired: { ...FULL, mtu: 1280 } }, []],
    [
      "on a new link, in the place of a default route over another",
      {
        addressing: { link: undefined, routes: [{ args: routeVia(GATE), seen: ours("10.9.0.1") }] },
        desired: carrier([OLD], [GATE]),
      },
      [ADD_OLD, AGAIN],
    ],
    [
      "when nobody has told what it carried before",
      { seen: carrier(), addressing: carried([NEW]), desired: carrier([OLD]) },
      [ADD_OLD],
    ],
    [
      "when its route, ours by what it bears, leads elsewhere",
      {
        ...from(carrier([OLD])),
        addressing: carriedWith([OLD], ours("10.0.0.9")),
        desired: carrier([OLD], [GATE]),
      },
      [AGAIN],
    ],
    [
      "when a person has made its default route, over a link of the stack",
      {
        ...from(carrier([OLD])),
        addressing: carriedWith([OLD], ours(GATE, { isOurs: false, onOwnLink: true, mark: undefined })),
        desired: carrier([OLD], [GATE]),
      },
      [AGAIN],
    ],
  ])("%s", (_what, change, expected) => {
    expect(lines(change)).toEqual(expected);
  });

  test("with addresses that may be there already, routes that take the place of others, and deletes of what may be gone", () => {
    const change = { ...from(carrier([OLD], [GATE])), desired: carrier([SIX], [GATE6]), mark: MARK };
    expect(planAddressing(change).map(({ run, tolerate }) => [showPlan([{ run }]), tolerate])).toEqual([
      [UNROUTE, ["absent"]],
      [ADD_SIX, ["exists"]],
      [DELETE_OLD, ["absent"]],
      [ADD_SIX, ["exists"]],
      [ROUTE6, undefined],
      [AGAIN6, undefined],
    ]);
  });

  test("in place of a default route of a person over the link itself, which was taken over with it", () => {
    const change = {
      ...from(carrier([OLD])),
      addressing: carriedWith([OLD], ours("10.0.0.9", { isOurs: false, mark: undefined })),
      desired: carrier([OLD], [GATE]),
    };
    expect(lines(change)).toEqual([AGAIN]);
  });

  test.each([
    ["of a person, over another's link", { isOurs: false, mark: undefined }, "eth1"],
    ["of another stack", { mark: "pulumi-netns:lab/prod:it@0123abcd" }, "eth0"],
  ])("but not where there is a default route %s", (_whose, more, link) => {
    const route = ours("10.0.0.9", more);
    const change = {
      ...from(carrier([OLD])),
      addressing: carriedWith([OLD], { ...route, state: { ...route.state, interface: link } as typeof route.state }),
      desired: carrier([OLD], [GATE]),
      mark: MARK,
    };
    expect(() => planAddressing(change)).toThrow(
      "default route via 10.0.0.1 of eth0 cannot be added: another default route already exists",
    );
  });
});
