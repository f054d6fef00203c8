import { beforeEach, describe, expect, test } from "vitest";
import { type Ties, ties } from "../../plugin/ties.ts";
import { UNKNOWN } from "../../provider/schema.ts";

const generation = (text: string) => ({
  object: `o-${text}`,
  ipv6: `i-${text}`,
  routes: `r-${text}`,
  ipv4: `v-${text}`,
  neighbors: `n-${text}`,
  membership: `m-${text}`,
});
const NONE = { __mark: "" };

let links: Ties;
beforeEach(() => {
  links = ties();
  links.record(
    "Veth",
    { a: { name: "eth0", namespace: "red", up: true }, b: { name: "port", up: true, master: "br0" } },
    { a: generation("a"), b: generation("b") },
  );
  links.record("Bridge", { self: { name: "br0", up: true } }, { self: generation("br") });
  links.record("Vrf", { self: { name: "blue", namespace: "red", up: true } }, { self: generation("vrf") });
});

const PAIR = "red/eth0:port";

test.each([
  ["Address", { interface: "eth0", namespace: "red", address: "10.0.0.1/24" }, [`${PAIR}#o-a`]],
  ["Address", { interface: "eth0", namespace: "red", address: "fd00::1/64" }, [`${PAIR}#o-a.i-a`]],
  ["Route", { interface: "eth0", namespace: "red", destination: "default" }, [`${PAIR}#o-a.r-a.v-a`]],
  ["Route", { interface: "eth0", namespace: "red", destination: "default", via: "fd00::5" }, [`${PAIR}#o-a.r-a.i-a`]],
  [
    "Route",
    { namespace: "red", destination: "default", nexthops: [{ interface: "eth0" }, { via: "10.0.0.2" }] },
    [`${PAIR}#o-a.r-a.v-a`],
  ],
  ["Neighbor", { interface: "eth0", namespace: "red", address: "10.0.0.9" }, [`${PAIR}#o-a.n-a`]],
  ["FdbEntry", { interface: "port", lladdr: "02:00:00:00:00:01" }, [`${PAIR}#o-b.m-b`, "br0#o-br"]],
  ["Sysctl", { key: "net.ipv4.conf.eth0.rp_filter", namespace: "red" }, [`${PAIR}#o-a`]],
  ["Macvlan", { name: "m0", link: "eth0", linkNamespace: "red" }, [`${PAIR}#o-a`]],
])("a %s is attached to the link that %o names", (type, args, on) => {
  expect(links.of(type, args, NONE)).toEqual({ __on: on });
});

describe("a route is attached to the link over which its gateway is reached", () => {
  const own = { namespace: "red", destination: "default" };

  beforeEach(() => {
    const end = { name: "up0", namespace: "red", up: true, addresses: ["10.0.1.1/30", "fd01::1/64"] };
    links.record("Dummy", { self: end }, { self: generation("up") });
    links.recordAddress("Address", { interface: "eth0", namespace: "red", address: "10.0.2.1/24" });
    links.recordAddress("Neighbor", { interface: "eth0", namespace: "red", address: "10.0.3.1/24" });
  });

  test.each([
    [{ via: "10.0.1.2" }, ["red/up0#o-up.r-up.v-up"]],
    [{ via: "fd01::2" }, ["red/up0#o-up.r-up.i-up"]],
    [{ via: "10.0.2.9" }, [`${PAIR}#o-a.r-a.v-a`]],
    [{ nexthops: [{ via: "10.0.1.2" }, { via: "10.0.2.9" }] }, ["red/up0#o-up.r-up.v-up", `${PAIR}#o-a.r-a.v-a`]],
    [{ via: "10.0.1.2", interface: "eth0" }, [`${PAIR}#o-a.r-a.v-a`]],
  ])("%o", (args, on) => {
    expect(links.of("Route", { ...own, ...args }, NONE)).toEqual({ __on: on });
  });

  test.each([{ via: "10.0.3.2" }, { via: UNKNOWN }, { via: "10.0.1.2", namespace: "blue" }])("none: %o", (args) => {
    expect(links.of("Route", { ...own, ...args }, NONE)).toEqual({});
  });
});

test("a link follows its master, and a change that sets the link down and up, too", () => {
  const ends = { a: { name: "x", namespace: "red", master: "blue" }, b: { name: "y", master: "br0" } };
  expect(links.of("Veth", ends, NONE)).toEqual({ __follows: ["red/blue#o-vrf", "cycles:red/blue", "br0#o-br"] });
  expect(links.of("Dummy", { name: "d0", master: "br0" }, NONE)).toEqual({ __follows: ["br0#o-br"] });
});

describe("attachments in the state are kept", () => {
  const state = { __mark: "", __on: ["gone#1"], __follows: ["master#2"] };

  test.each([
    ["a link that was not checked", { interface: "other", namespace: "red" }],
    ["a link in another namespace", { interface: "eth0" }],
    ["an unknown link", { interface: UNKNOWN, namespace: "red" }],
    ["no link", {}],
  ])("for %s", (_, args) => {
    expect(links.of("Route", args, state)).toEqual({ __on: ["gone#1"], __follows: ["master#2"] });
    expect(links.of("Route", args, NONE)).toEqual({});
  });
});

test("a link with an unknown name is not recorded", () => {
  links.record("Bridge", { self: { name: UNKNOWN, up: true } }, { self: generation("x") });
  links.record("Veth", { a: UNKNOWN, b: { name: "late", up: true } } as never, { b: generation("x") });
  expect(links.of("Address", { interface: UNKNOWN }, NONE)).toEqual({});
  expect(links.of("Address", { interface: "late" }, NONE)).toEqual({});
});
