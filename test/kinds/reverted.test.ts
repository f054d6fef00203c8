import { expect, test } from "vitest";
import {
  Address,
  Bridge,
  Command,
  FdbEntry,
  FilterChain,
  Hosts,
  Ifb,
  Lan,
  Namespace,
  NatRule,
  Neighbor,
  Nexthop,
  Route,
  Router,
  RoutingRule,
  Sysctl,
  Tbf,
  Veth,
} from "../../sdk/index.ts";
import { edit, engineOf, failure, host, labHostForEachTest, said, succeeds } from "../support/edited.ts";
import type { Program } from "../support/engine/program.ts";
import { type WiredNamespace, wiredNamespace } from "../support/wired-namespace.ts";

/*
 * A program gives an object to another resource, its up fails, and the user returns to the former program: the object is again
 * that of the former resource.
 */

labHostForEachTest();

type Declare = (name: string, variant: number, on: WiredNamespace) => object;

/** For each kind: a resource with a name, whose object is the same one in both variants, with different properties. */
const KINDS: Readonly<Record<string, Declare>> = {
  Namespace: (name, variant) => new Namespace(name, { name: "blue", loopback: variant === 0 }),
  Bridge: (name, variant) => new Bridge(name, { name: "lan", mtu: 1400 + variant }),
  Ifb: (name, variant) => new Ifb(name, { name: "ifb7", mtu: 1400 + variant }),
  Veth: (name, variant, { red }) =>
    new Veth(name, { a: { name: "a", namespace: red, mtu: 1400 + variant }, b: { name: "b" } }),
  Address: (name, _, { wire }) => new Address(name, { interface: wire.a, address: "10.5.0.1/24" }),
  Neighbor: (name, variant, { wire }) =>
    new Neighbor(name, { interface: wire.a, address: "10.0.0.10", lladdr: `02:00:00:00:00:0${variant}` }),
  FdbEntry: (name, _, { wire }) => new FdbEntry(name, { interface: wire.b, lladdr: "02:00:00:00:01:00" }),
  Nexthop: (name, variant, { wire }) =>
    new Nexthop(name, { nhid: 10, interface: wire.a, via: `10.0.0.${20 + variant}` }),
  Route: (name, variant, { red, wire }) =>
    new Route(name, { namespace: red, destination: "10.1.0.0/16", via: `10.0.0.${30 + variant}` }, { dependsOn: wire }),
  RoutingRule: (name, _, { red }) =>
    new RoutingRule(name, { namespace: red, priority: 500, from: "10.99.0.1", table: 100 }),
  Sysctl: (name, variant, { red }) =>
    new Sysctl(name, { namespace: red, key: "net.ipv4.ip_default_ttl", value: 20 + variant }),
  FilterChain: (name, variant, { red }) =>
    new FilterChain(name, {
      namespace: red,
      chain: "input",
      rules: [{ protocol: "tcp", destinationPort: 20 + variant, action: "drop" }],
    }),
  NatRule: (name, _, { red }) =>
    new NatRule(name, { namespace: red, type: "masquerade", source: "10.3.0.0/16", outInterface: "eth0" }),
  Hosts: (name, variant, { red }) => new Hosts(name, { namespace: red, addresses: { web: `10.0.0.${variant}` } }),
  Tbf: (name, variant, { wire }) => new Tbf(name, { interface: wire.a, rate: `${10 + variant}mbit` }),
};

/** Runs the former program, then others that fail, each of them followed by the former one, which must be as after its first up. */
async function reverts(former: Program, ...others: readonly Program[]): Promise<void> {
  await edit(former);
  for (const other of others) {
    expect(await failure(other)).toContain("false");
    succeeds(await engineOf().up(former));
    expect(succeeds(await engineOf().refresh())).toEqual([]);
    expect(succeeds(await engineOf().up(former))).toEqual([]);
  }
}

const fails = (name: string, ...after: object[]) =>
  new Command(name, { create: ["false"] }, { dependsOn: after as Namespace[] });

test.each(Object.entries(KINDS))(
  "an object of kind %s that another resource has taken over",
  async (_kind, declare) => {
    const lab = (name: string, variant: number) => () => void declare(name, variant, wiredNamespace());
    const failing = (variant: number) => () => fails("check", declare("two", variant, wiredNamespace()));
    await reverts(lab("one", 0), failing(0), failing(1));
    expect(said).toEqual([]);
  },
);

test("a bridge with its ports and addresses, and a router's namespace with all that is in it", async () => {
  const lab = (bridge: string, namespace: string, check: (...after: object[]) => Command | undefined) => () => {
    const red = new Namespace(namespace, { name: "red" });
    const lan = new Bridge(bridge, { name: "lan", addresses: ["10.0.0.1/24"] });
    const after = check(red, lan);
    const { a } = new Veth(
      "wire",
      { a: { name: "eth0", namespace: red, addresses: ["10.0.0.2/24"] }, b: { name: "port", master: lan } },
      { ...(after !== undefined && { dependsOn: after }) },
    );
    new Route("far", { interface: a, destination: "10.1.0.0/16", via: "10.0.0.1" });
    new Address("more", { interface: lan, address: "10.2.0.1/24" });
    new Sysctl("forward", { namespace: red, key: "net.ipv4.ip_forward", value: 1 });
  };
  const former = lab("lan", "red", () => undefined);
  await reverts(
    former,
    lab("office", "red", (...on) => fails("check", ...on)),
    lab("lan", "crimson", (...on) => fails("check", ...on)),
    lab("office", "crimson", (...on) => fails("check", ...on)),
  );
  expect(await host.run("ip", "link", "show", "master", "lan")).toContain("port@");
});

test("an object whose name one of another kind has taken", async () => {
  await reverts(
    () => new Bridge("one", { name: "port0" }),
    () => fails("check", new Ifb("two", { name: "port0" })),
  );
});

test("a veth pair whose ends two other pairs have taken", async () => {
  await reverts(
    () => new Veth("one", { a: { name: "a0" }, b: { name: "b0" } }),
    () =>
      fails(
        "check",
        new Veth("two", { a: { name: "a0" }, b: { name: "c0" } }),
        new Veth("three", { a: { name: "d0" }, b: { name: "b0" } }),
      ),
  );
});

test("two resources that were about to exchange their names, also in the other order", async () => {
  const lab = (one: string, other: string) => () => {
    new Bridge("one", { name: one, mtu: 1400 });
    new Bridge("other", { name: other });
  };
  const failing = (first: "one" | "other") => () => {
    const declare = {
      one: (on: object[]) => new Bridge("one", { name: "b", mtu: 1400 }, { dependsOn: on as Namespace[] }),
      other: (on: object[]) => new Bridge("other", { name: "a" }, { dependsOn: on as Namespace[] }),
    };
    const made = declare[first]([]);
    declare[first === "one" ? "other" : "one"]([fails("check", made)]);
  };
  await reverts(lab("a", "b"), failing("one"), failing("other"));
});

test("the namespace of a LAN's host that has become a router", async () => {
  await reverts(
    () => new Lan("lan", { networks: ["10.0.0.0/24"], hosts: ["a"] }),
    () => {
      const router = new Router("a");
      new Lan("lan", { networks: ["10.0.0.0/24"] }).join(router);
      new Command("check", { namespace: router, create: ["false"] });
    },
  );
});
