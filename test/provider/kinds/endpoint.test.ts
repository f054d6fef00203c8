import * as v from "valibot";
import { describe, expect, test } from "vitest";
import {
  addresses,
  type Carried,
  type CarriedChange,
  carriedClaims,
  carriedState,
  carry,
  gateways,
  observeCarried,
  reachable,
} from "../../../provider/kinds/endpoint.ts";
import { route, type SeenRoute } from "../../../provider/kinds/route.ts";
import { showPlan } from "../../../provider/plan.ts";
import { args, check, field, UNKNOWN } from "../../../provider/schema.ts";
import { flag, interfaceName } from "../../../provider/values.ts";
import { MARK, ready } from "../samples.ts";
import { scripted, tells } from "../script.ts";

const schema = v.pipe(
  args({ name: field(interfaceName()), up: field(flag()), addresses: addresses(), gateways: gateways() }),
  reachable(),
);

const faultOf = (given: object) => {
  const checked = check(schema, { name: "eth0", up: true, ...given });
  return "failures" in checked ? checked.failures : undefined;
};

describe("gateways", () => {
  test.each([
    {},
    { gateways: [] },
    { up: false, addresses: ["10.0.0.2/24"] },
    { addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] },
    { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["fd00::1", "10.0.0.1"] },
    { addresses: ["10.1.0.2/16", "10.0.0.2/24"], gateways: ["10.0.0.1"] },
    { gateways: ["fe80::1"] },
    { addresses: UNKNOWN, gateways: ["10.0.0.1"] },
    { addresses: [UNKNOWN], gateways: ["10.0.0.1"] },
    { addresses: ["10.0.0.2/24"], gateways: [UNKNOWN, "10.9.0.1"] },
  ])("are taken with %j", (given) => {
    expect(faultOf(given)).toBeUndefined();
  });

  test.each([
    [
      { up: false, addresses: ["10.0.0.2/24"], gateways: ["10.0.0.1"] },
      '"10.0.0.1" cannot be reached over a link that is not up',
    ],
    [{ up: false, gateways: ["fe80::1"] }, '"fe80::1" cannot be reached over a link that is not up'],
    [
      { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["10.0.0.1", "fd00::1", "10.0.0.3"] },
      '"10.0.0.3" is the second gateway of its family; there is one default route of each',
    ],
    [{ gateways: ["10.0.0.1"] }, `"10.0.0.1" is in no network of the link's addresses; there are none`],
    [
      { addresses: ["10.0.0.2/24", "fd00::2/64"], gateways: ["10.0.0.1", "fd01::1"] },
      `"fd01::1" is in no network of the link's addresses; there are 10.0.0.2/24, fd00::2/64`,
    ],
  ])("are refused with %j", (given, why) => {
    expect(faultOf(given)).toEqual([{ property: "gateways", reason: why }]);
  });
});

const AT = { name: "eth0", namespace: "red" };
const carrier = (addresses: string[] = [], gateways: string[] = [], up = true) => ({ ...AT, up, addresses, gateways });
type End = ReturnType<typeof carrier>;

const routeVia = (via: string) => ready(route, { namespace: "red", destination: "default", via, interface: "eth0" });
const entryOf = (text: string) => {
  const [local = "", length] = text.split("/");
  return { family: local.includes(":") ? "inet6" : "inet", local, prefixlen: Number(length), scope: "global" };
};
const linkWith = (addresses: string[]): Carried["link"] => ({
  ifindex: 2,
  ifname: "eth0",
  flags: ["UP"],
  mtu: 1500,
  addr_info: addresses.map(entryOf),
});

/** A default route that the stack has made. */
const ours = (via: string, more: Partial<SeenRoute> = {}): SeenRoute => ({
  state: routeVia(via),
  mark: MARK,
  byUs: true,
  onOwnLink: false,
  note: undefined,
  ...more,
});

/** What a link with such addresses carries, when its default routes are as told, and ours. */
const carried = (addresses: string[], gateways: string[] = []): Carried => ({
  link: linkWith(addresses),
  routes: gateways.map((via) => ({ args: routeVia(via), seen: ours(via) })),
});

/** What a link carries whose one default route is seen like this. */
const carriedWith = (addresses: string[], seen: SeenRoute | undefined): Carried => ({
  link: linkWith(addresses),
  routes: [{ args: routeVia(GATE), seen }],
});

const [OLD, NEAR, NEW, SIX] = ["10.0.0.2/24", "10.0.0.3/24", "10.1.0.2/24", "fd00::2/64"];
const [GATE, GATE6] = ["10.0.0.1", "fd00::1"];
const FULL = carrier([OLD, SIX], [GATE, GATE6]);
const LOST = { args: routeVia(GATE), seen: undefined };
const ADD_OLD = `ip -n red address add ${OLD} dev eth0`;
const ADD_NEAR = `ip -n red address add ${NEAR} dev eth0`;
const ADD_NEW = `ip -n red address add ${NEW} dev eth0`;
const ADD_SIX = `ip -n red address add ${SIX} dev eth0 nodad`;
const DELETE_OLD = `ip -n red address delete ${OLD} dev eth0`;
const ROUTE = `ip -n red -4 route add default via ${GATE} dev eth0 protocol 201`;
const ROUTE6 = `ip -n red -6 route add default via ${GATE6} dev eth0 metric 1024 protocol 201`;
const [AGAIN, AGAIN6] = [ROUTE, ROUTE6].map((line) => line.replace("add", "replace")) as [string, string];
const UNROUTE = `ip -n red -4 route delete default via ${GATE} dev eth0`;

describe("what a link carries is brought about", () => {
  /** A link that has been seen with what it was to carry. */
  const from = (was: End) => ({ seen: was, was, carried: carried(was.addresses, was.gateways) });
  const lines = (change: Omit<CarriedChange, "mark">) =>
    showPlan(carry({ ...change, mark: MARK }))
      .split("\n")
      .filter(Boolean);

  test.each<[string, Omit<CarriedChange, "mark">, string[]]>([
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
        carried: { ...carried([SIX], [GATE6]), routes: [LOST, ...carried([], [GATE6]).routes] },
        desired: FULL,
      },
      [ADD_OLD, ROUTE],
    ],
    ["when what is to go has gone already", { ...from(carrier([OLD])), carried: carried([]), desired: carrier() }, []],
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
        carried: { link: undefined, routes: [{ args: routeVia(GATE), seen: ours("10.9.0.1") }] },
        desired: carrier([OLD], [GATE]),
      },
      [ADD_OLD, AGAIN],
    ],
    [
      "when nobody has told what it carried before",
      { seen: carrier(), carried: carried([NEW]), desired: carrier([OLD]) },
      [ADD_OLD],
    ],
    [
      "when its route, ours by what it bears, leads elsewhere",
      {
        ...from(carrier([OLD])),
        carried: carriedWith([OLD], ours("10.0.0.9")),
        desired: carrier([OLD], [GATE]),
      },
      [AGAIN],
    ],
    [
      "when a person has made its default route, over a link of the stack",
      {
        ...from(carrier([OLD])),
        carried: carriedWith([OLD], ours(GATE, { byUs: false, onOwnLink: true, mark: undefined })),
        desired: carrier([OLD], [GATE]),
      },
      [AGAIN],
    ],
  ])("%s", (_what, change, expected) => {
    expect(lines(change)).toEqual(expected);
  });

  test("with addresses that may be there already, routes that take the place of others, and deletes of what may be gone", () => {
    const change = { ...from(carrier([OLD], [GATE])), desired: carrier([SIX], [GATE6]), mark: MARK };
    expect(carry(change).map(({ run, tolerate }) => [showPlan([{ run }]), tolerate])).toEqual([
      [UNROUTE, ["absent"]],
      [ADD_SIX, ["exists"]],
      [DELETE_OLD, ["absent"]],
      [ADD_SIX, ["exists"]],
      [ROUTE6, undefined],
      [AGAIN6, undefined],
    ]);
  });

  test.each([
    ["of a person, over another's link", { byUs: false, mark: undefined }],
    ["of another stack", { mark: "pulumi-netns:lab/prod:it@0123abcd" }],
  ])("but not where there is a default route %s", (_whose, more) => {
    const change = {
      ...from(carrier([OLD])),
      carried: carriedWith([OLD], ours("10.0.0.9", more)),
      desired: carrier([OLD], [GATE]),
      mark: MARK,
    };
    expect(() => carry(change)).toThrow("eth0 cannot have the default route via 10.0.0.1: there is one already");
  });
});

describe("what a link is seen to carry is", () => {
  test.each<[string, Carried, object]>([
    ["all that it is to carry", carried([SIX, OLD], [GATE]), { addresses: [OLD, SIX], gateways: [GATE] }],
    ["without what others have put there", carried([OLD, NEW]), { addresses: [OLD] }],
    ["without what is lost", carried([]), {}],
    ["without an address of another length", carried(["10.0.0.2/16"]), {}],
    [
      "without a route of others",
      carriedWith([OLD], ours(GATE, { byUs: false, mark: undefined })),
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
    expect(carriedState(carrier([OLD, SIX], [GATE]), seen)).toStrictEqual(state);
  });

  test("asked for with one look for each default route", async () => {
    const link = linkWith([OLD]);
    const entry = { dst: "default", gateway: GATE, dev: "eth0", protocol: "201", flags: [] };
    const LOOPBACK = "ip -n red -json -details address show dev lo";
    const ask = (family: string) => `ip -n red -json -details -family ${family} route show exact default table 254`;
    const seen = await scripted(
      [
        [ask("inet"), tells([entry])],
        [ask("inet6"), tells([])],
        [LOOPBACK, tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, ifalias: MARK }])],
        [LOOPBACK, tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536, ifalias: MARK }])],
      ],
      (kernel) => observeCarried(kernel, FULL, link, MARK),
    );
    expect(seen.routes.map((one) => one.seen?.mark)).toEqual([MARK, undefined]);
    expect(carriedState(FULL, seen)).toEqual({ addresses: [OLD], gateways: [GATE] });
  });
});

test("what a link carries has the names that an Address and a Route of their own would have", () => {
  expect(carriedClaims(FULL)).toEqual([
    { name: "address red/eth0/10.0.0.2/24" },
    { name: "address red/eth0/fd00::2/64" },
    { name: "route red/inet/default/table/254/metric/0" },
    { name: "route red/inet6/default/table/254/metric/1024" },
  ]);
  expect(carriedClaims(AT)).toEqual([]);
});
