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

describe("the plan for the addressing of a link", () => {
  /** Returns a change from a link that has its former addressing. */
  const from = (was: End) => ({ seen: was, was, addressing: carried(was.addresses, was.gateways) });
  const lines = (change: Omit<AddressingChange, "mark">) =>
    showPlan(planAddressing({ ...change, mark: MARK }))
      .split("\n")
      .filter(Boolean);

  test.each<[string, Omit<AddressingChange, "mark">, string[]]>([
    ["adds addresses and routes on a new link", { desired: FULL }, [ADD_OLD, ADD_SIX, ROUTE, ROUTE6]],
    ["is empty on a new link without addressing", { desired: carrier() }, []],
    ["is empty if nothing changes", { ...from(FULL), desired: FULL }, []],
    ["adds an address", { ...from(carrier([OLD])), desired: carrier([OLD, NEW]) }, [ADD_NEW]],
    ["deletes an address", { ...from(carrier([OLD])), desired: carrier() }, [DELETE_OLD]],
    [
      "adds a new address before it deletes the old one, and again after that",
      { ...from(carrier([OLD])), desired: carrier([NEW]) },
      [ADD_NEW, DELETE_OLD, ADD_NEW],
    ],
    [
      "replaces an address under a route, and adds the route again",
      { ...from(carrier([OLD], [GATE])), desired: carrier([NEAR], [GATE]) },
      [ADD_NEAR, DELETE_OLD, ADD_NEAR, AGAIN],
    ],
    ["adds a gateway", { ...from(carrier([OLD])), desired: carrier([OLD], [GATE]) }, [ROUTE]],
    ["deletes a gateway", { ...from(carrier([OLD], [GATE])), desired: carrier([OLD]) }, [UNROUTE]],
    [
      "deletes the routes before the addresses",
      { ...from(FULL), desired: carrier([SIX], [GATE6]) },
      [UNROUTE, DELETE_OLD, ADD_SIX, AGAIN6],
    ],
    [
      "adds a missing address, and the route that was deleted with it",
      {
        ...from(FULL),
        addressing: { ...carried([SIX], [GATE6]), routes: [LOST, ...carried([], [GATE6]).routes] },
        desired: FULL,
      },
      [ADD_OLD, ROUTE],
    ],
    ["does not delete a missing address", { ...from(carrier([OLD])), addressing: carried([]), desired: carrier() }, []],
    [
      "adds all again if the link was down",
      { ...from(FULL), seen: { ...FULL, up: false }, desired: FULL },
      [ADD_OLD, ADD_SIX, AGAIN, AGAIN6],
    ],
    [
      "adds all again if the MTU of the link was too small for IPv6",
      { ...from(FULL), seen: { ...FULL, mtu: 1279 }, desired: { ...FULL, mtu: 1500 } },
      [ADD_OLD, ADD_SIX, AGAIN, AGAIN6],
    ],
    [
      "is empty if the MTU becomes smaller and is still large enough for IPv6",
      { ...from(FULL), desired: { ...FULL, mtu: 1280 } },
      [],
    ],
    [
      "replaces a default route over another link on a new link",
      {
        addressing: { link: undefined, routes: [{ args: routeVia(GATE), seen: ours("10.9.0.1") }] },
        desired: carrier([OLD], [GATE]),
      },
      [ADD_OLD, AGAIN],
    ],
    [
      "deletes no address without former arguments",
      { seen: carrier(), addressing: carried([NEW]), desired: carrier([OLD]) },
      [ADD_OLD],
    ],
    [
      "replaces its own route with another gateway",
      {
        ...from(carrier([OLD])),
        addressing: carriedWith([OLD], ours("10.0.0.9")),
        desired: carrier([OLD], [GATE]),
      },
      [AGAIN],
    ],
    [
      "replaces a default route that a user has created over a link of the stack",
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

  test("tolerates existing addresses and missing objects, and replaces routes", () => {
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

  test("replaces a default route of a user over the link itself, which was adopted", () => {
    const change = {
      ...from(carrier([OLD])),
      addressing: carriedWith([OLD], ours("10.0.0.9", { isOurs: false, mark: undefined })),
      desired: carrier([OLD], [GATE]),
    };
    expect(lines(change)).toEqual([AGAIN]);
  });

  test.each([
    ["of a user over another link", { isOurs: false, mark: undefined }, "eth1"],
    ["of another stack", { mark: "pulumi-netns:lab/prod:it@0123abcd" }, "eth0"],
  ])("is an error for a default route %s", (_whose, more, link) => {
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
