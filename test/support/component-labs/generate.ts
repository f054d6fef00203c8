import fc from "fast-check";
import type { RouterArgs } from "../../../sdk/index.ts";
import {
  type ComponentLab,
  type Extra,
  type LabNodeOf,
  type LanHostOf,
  type LanOf,
  type LinkOf,
  NODES,
} from "./lab.ts";

const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(value, { nil: undefined, freq: 1 });

/** Returns lists of the values, without those that are undefined. */
const present = <T>(...values: fc.Arbitrary<T | undefined>[]): fc.Arbitrary<T[]> =>
  fc.tuple(...values).map((all) => all.filter((one) => one !== undefined));

const router: fc.Arbitrary<RouterArgs> = fc
  .record({
    nat: fc.boolean(),
    firewall: fc.constantFrom<{ firewall?: NonNullable<RouterArgs["firewall"]> }[]>(
      {},
      { firewall: "stateful" },
      { firewall: { input: [{ action: "accept", protocol: "tcp", destinationPort: 22 }] } },
    ),
    portForwards: fc.subarray<NonNullable<RouterArgs["portForwards"]>[number]>([
      { port: 80, to: "10.1.0.9" },
      { port: 443, to: "10.2.0.9", toPort: 8443 },
      { protocol: "udp", port: "5000-5010", to: "10.1.0.9" },
    ]),
  })
  .map(({ firewall, ...args }) => ({ ...args, ...firewall }));

const node = (name: string): fc.Arbitrary<LabNodeOf> =>
  fc.record({
    name: fc.constant(name),
    namespace: fc.constantFrom(undefined, undefined, undefined, `x-${name}`),
    router: maybe(router),
  });

const networks = fc.shuffledSubarray([0, 1, 2], { minLength: 1 });
const mtu = maybe(fc.constantFrom(1400, 1000));
const tagOf = (number: number) => maybe(fc.constantFrom(10 + number, 20 + number));

const lanHost: fc.Arbitrary<LanHostOf> = fc.record({
  name: fc.constantFrom("h1", "h2", "h3"),
  address: maybe(fc.integer({ min: 10, max: 13 })),
  interface: maybe(fc.constantFrom("eth0", "eth1")),
});

const lan = (number: number): fc.Arbitrary<LanOf> =>
  fc.record({
    ...{ number: fc.constant(number), networks, mtu, tag: tagOf(number), netem: fc.nat(3), isPaired: fc.boolean() },
    gateways: fc.constantFrom<LanOf["gateways"][]>("first", "last", "none"),
    router: maybe(fc.constantFrom(...NODES)),
    hosts: fc.uniqueArray(lanHost, { selector: ({ name }) => name, maxLength: 3 }),
    members: fc.shuffledSubarray(NODES, { maxLength: 2 }),
  });

const link = (number: number): fc.Arbitrary<LinkOf> =>
  fc.record({
    ...{ number: fc.constant(number), mtu, tag: tagOf(number), netem: fc.nat(3) },
    ...{ isNamed: fc.boolean(), hasAddresses: fc.boolean(), isOnTrunk: fc.boolean(), isOneWay: fc.boolean() },
    ends: fc.shuffledSubarray(NODES, { minLength: 2, maxLength: 2 }).map(([a = "", b = ""]) => [a, b] as const),
    networks: fc.oneof(networks, fc.constant([])),
    gateway: maybe(fc.constantFrom<("a" | "b")[]>("a", "b")),
  });

const extra: fc.Arbitrary<Extra> = fc.record({
  kind: fc.constantFrom<Extra["kind"][]>("address", "nat", "route", "sysctl", "sysctl of all"),
  link: fc.nat(2),
  end: fc.constantFrom<("a" | "b")[]>("a", "b"),
  value: fc.nat(2),
});

const labs: fc.Arbitrary<ComponentLab> = fc.record({
  nodes: fc.tuple(...NODES.map(node)).chain((all) => fc.shuffledSubarray(all, { minLength: 2 })),
  lans: present(...[1, 2].map((number) => maybe(lan(number)))),
  links: present(...[0, 1, 2].map((number) => maybe(link(number)))),
  extras: fc.array(extra, { maxLength: 3 }),
});

/** A lab and its edits. Each program has its nodes, LANs, links and other resources from one of up to three labs, so that some stay. */
export const editedLabs: fc.Arbitrary<ComponentLab[]> = fc.array(labs, { minLength: 2, maxLength: 3 }).chain((all) => {
  const one = fc.constantFrom(...all);
  const mixed = fc
    .tuple(one, one, one, one)
    .map(([{ nodes }, { lans }, { links }, { extras }]) => ({ nodes, lans, links, extras }));
  return fc.array(mixed, { minLength: 2, maxLength: 3 });
});
