import fc from "fast-check";

/** A lab of a random program: hosts connected to a bridge. */
export interface Model {
  readonly bridge: { readonly mtu: number | undefined; readonly stp: boolean };
  readonly hosts: Readonly<Record<string, HostModel>>;
  readonly nat: "masquerade" | "snat" | undefined;
}

interface HostModel {
  readonly link: string;
  readonly mtu: number;
  readonly net: number;
  readonly route: "default" | "10.99.0.0/16" | undefined;
  readonly forwarding: boolean;
}

/** An action on a lab, by a user or by chance. */
export type Deed =
  | { readonly do: "edit"; readonly to: Model }
  | { readonly do: "drift"; readonly command: string }
  | { readonly do: "kill"; readonly after: number; readonly to: Model }
  | { readonly do: "destroy" };

const host: fc.Arbitrary<HostModel> = fc.record({
  link: fc.constantFrom("eth0", "wan0"),
  mtu: fc.constantFrom(1500, 1400),
  net: fc.constantFrom(1, 2),
  route: fc.constantFrom("default" as const, "10.99.0.0/16" as const, undefined),
  forwarding: fc.boolean(),
});

const model: fc.Arbitrary<Model> = fc.record({
  bridge: fc.record({ mtu: fc.constantFrom(undefined, 1300), stp: fc.boolean() }),
  hosts: fc.dictionary(fc.constantFrom("red", "blue", "green"), host, { maxKeys: 3, noNullPrototype: true }),
  nat: fc.constantFrom("masquerade" as const, "snat" as const, undefined),
});

const drift = fc.constantFrom(
  "ip netns delete red",
  "ip -n blue link delete dev eth0",
  "ip -n red link set dev wan0 mtu 1280",
  "ip -n green link set dev eth0 down",
  "ip -n red address flush dev eth0",
  "ip -n blue route flush proto 201",
  "ip netns exec red sysctl -qw net.ipv4.ip_forward=1",
  "ip netns exec blue sysctl -qw net.ipv4.ip_forward=0",
  "ip link delete dev lan",
  "ip link set dev lan down mtu 1200",
  "ip link set dev red-port nomaster",
  "nft flush ruleset",
);

/** A sequence of actions. */
export const deeds: fc.Arbitrary<Deed[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant("edit" as const), to: model }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant("drift" as const), command: drift }) },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant("kill" as const), after: fc.integer({ min: 1, max: 25 }), to: model }),
    },
    { weight: 1, arbitrary: fc.record({ do: fc.constant("destroy" as const) }) },
  ),
  { minLength: 2, maxLength: 6 },
);

/** Returns the program that creates a lab. */
export function programOf({ bridge, hosts, nat }: Model): string {
  const options = `{ stp: ${bridge.stp}${bridge.mtu === undefined ? "" : `, mtu: ${bridge.mtu}`} }`;
  return [
    `const lan = new Bridge("lan", ${options});`,
    `new Address("gateway1", { interface: lan, address: "10.1.0.1/24" });`,
    `new Address("gateway2", { interface: lan, address: "10.2.0.1/24" });`,
    ...Object.entries(hosts).map(([name, one], index) => hostProgram(name, one, index + 2)),
    ...(nat === undefined
      ? []
      : [
          `new NatRule("nat", { type: "${nat}", source: "10.0.0.0/8"${nat === "snat" ? `, toAddress: "10.1.0.1"` : ""} });`,
        ]),
  ].join("\n");
}

const hostProgram = (name: string, { link, mtu, net, route, forwarding }: HostModel, number: number): string => `
{
  const host = new Namespace("${name}");
  const wire = new Veth("${name}-wire", { a: { name: "${link}", namespace: host, mtu: ${mtu} }, b: { name: "${name}-port", master: lan } });
  new Address("${name}-ip", { interface: wire.a, address: "10.${net}.0.${number}/24" });
  ${route === undefined ? "" : `new Route("${name}-route", { namespace: host, destination: "${route}", via: "10.${net}.0.1" });`}
  ${forwarding ? `new Sysctl("${name}-forwarding", { namespace: host, key: "net.ipv4.ip_forward", value: "1" });` : ""}
}`;
