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

describe("what a link is seen to carry is", () => {
  test.each<[string, ObservedAddressing, object]>([
    ["all that it is to carry", carried([SIX, OLD], [GATE]), { addresses: [OLD, SIX], gateways: [GATE] }],
    ["without what others have put there", carried([OLD, NEW]), { addresses: [OLD] }],
    ["without what is lost", carried([]), {}],
    ["without an address of another length", carried(["10.0.0.2/16"]), {}],
    [
      "without a route of others",
      carriedWith([OLD], ours(GATE, { isOurs: false, mark: undefined })),
      { addresses: [OLD] },
    ],
    ["without a route that leads elsewhere", carriedWith([OLD], ours("10.0.0.9")), { addresses: [OLD] }],
    [
      "without a route over another link",
      carriedWith([OLD], ours(GATE, { state: { ...routeVia(GATE), interface: "eth1" } })),
      { addresses: [OLD] },
    ],
    ["without a route that is not there", carriedWith([OLD], undefined), { addresses: [OLD] }],
    ["nothing, without a link", { link: undefined, routes: [] }, {}],
  ])("%s", (_what, seen, state) => {
    expect(addressingState(carrier([OLD, SIX], [GATE]), seen)).toStrictEqual(state);
  });

  test("asked for with one look for each default route", async () => {
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

test("what a link carries has the names that an Address and a Route of their own would have", () => {
  expect(addressingClaims(FULL)).toEqual([
    { name: "address red/eth0/10.0.0.2/24" },
    { name: "address red/eth0/fd00::2/64" },
    { name: "route red/inet/default/table/254/metric/0" },
    { name: "route red/inet6/default/table/254/metric/1024" },
  ]);
  expect(addressingClaims(AT)).toEqual([]);
});
