import { describe, expect, test } from "vitest";
import {
  addressingClaims,
  addressingState,
  type ObservedAddressing,
  observeAddressing,
} from "../../../provider/kinds/addressing.ts";
import { MARK } from "../samples.ts";
import { scripted, tells } from "../script.ts";
import {
  AT,
  carried,
  carriedWith,
  carrier,
  FULL,
  GATE,
  linkWith,
  NEW,
  OLD,
  ours,
  routeVia,
  SIX,
} from "./addressing-sample.ts";

describe("the observed addressing", () => {
  test.each<[string, ObservedAddressing, object]>([
    [
      "has all declared addresses and gateways",
      carried([SIX, OLD], [GATE]),
      { addresses: [OLD, SIX], gateways: [GATE] },
    ],
    ["does not have addresses of others", carried([OLD, NEW]), { addresses: [OLD] }],
    ["does not have missing addresses", carried([]), {}],
    ["does not have an address of another prefix length", carried(["10.0.0.2/16"]), {}],
    [
      "does not have a foreign route",
      carriedWith([OLD], ours(GATE, { isOurs: false, mark: undefined })),
      { addresses: [OLD] },
    ],
    ["does not have a route with another gateway", carriedWith([OLD], ours("10.0.0.9")), { addresses: [OLD] }],
    [
      "does not have a route over another link",
      carriedWith([OLD], ours(GATE, { state: { ...routeVia(GATE), interface: "eth1" } })),
      { addresses: [OLD] },
    ],
    ["does not have a missing route", carriedWith([OLD], undefined), { addresses: [OLD] }],
    ["is empty without a link", { link: undefined, routes: [] }, {}],
  ])("%s", (_what, seen, state) => {
    expect(addressingState(carrier([OLD, SIX], [GATE]), seen)).toStrictEqual(state);
  });

  test("is read with one query for each default route", async () => {
    const link = linkWith([OLD]);
    const entry = { dst: "default", gateway: GATE, dev: "eth0", protocol: "201", flags: [] };
    const LOOPBACK = "ip -n red -json -details address show dev lo";
    const ask = (family: string) => `ip -n red -json -details ${family} route show exact default table 254`;
    const seen = await scripted(
      [
        [ask("-4"), tells([entry])],
        [ask("-6"), tells([])],
        [LOOPBACK, tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, ifalias: MARK }])],
        [LOOPBACK, tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, ifalias: MARK }])],
      ],
      (kernel) => observeAddressing(kernel, FULL, link, MARK),
    );
    expect(seen.routes.map((one) => one.seen?.mark)).toEqual([MARK, undefined]);
    expect(addressingState(FULL, seen)).toEqual({ addresses: [OLD], gateways: [GATE] });
  });
});

test("a link claims the same names as the Address and Route resources of its addressing", () => {
  expect(addressingClaims(FULL)).toEqual([
    { name: "address red/eth0/10.0.0.2/24" },
    { name: "address red/eth0/fd00::2/64" },
    { name: "route red/inet/default/table/254/metric/0", help: expect.stringMatching(/have no metric/) },
    { name: "route red/inet6/default/table/254/metric/1024", help: expect.stringMatching(/have no metric/) },
  ]);
  expect(addressingClaims(AT)).toEqual([]);
});
