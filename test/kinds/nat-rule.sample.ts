import fc from "fast-check";
import { boundsOf, normalizeRange } from "../../provider/address-ranges.ts";
import { isHost } from "../../provider/cidr.ts";
import { natRule } from "../../provider/kinds/nat-rule.ts";
import { type Args, type Family, inet, inet6, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";
import { some, someInterfaces } from "../support/match-arbitraries.ts";

const portNumber = fc.integer({ min: 1, max: 65_520 });
const ports = fc.oneof(
  portNumber,
  portNumber.map(String),
  fc.tuple(portNumber, portNumber).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
);

function natRuleOf({ host, network }: Family): Args {
  const common = {
    namespace: namespaceName,
    source: some(fc.oneof(host, network)),
    destination: some(fc.oneof(host, network)),
    priority: fc.integer({ min: -199, max: 2_147_483_647 }),
    after: fc.stringMatching(/^[\w./-]{0,32}@[0-9a-f]{8}$/),
  };
  const withPorts = {
    ...common,
    protocol: some(fc.constantFrom("tcp", "udp", "sctp")),
    sourcePort: some(ports),
    destinationPort: some(ports),
    toPort: ports,
  };
  const flags = fc.constantFrom({}, { random: true }, { fullyRandom: true }, { persistent: true, random: true });
  const hosts = network.filter((text) => boundsOf(text)?.every(isHost) ?? false);
  const pool = fc.oneof(host, hosts, fc.tuple(host, host).map(rangeOfHosts));
  const types = [
    [["masquerade"], { inInterface: someInterfaces, outInterface: someInterfaces }],
    [["snat"], { inInterface: someInterfaces, outInterface: someInterfaces, toAddress: pool }],
    [["redirect"], { inInterface: someInterfaces }],
    [["dnat"], { inInterface: someInterfaces, toAddress: pool }],
  ] as const;
  const translations = types.flatMap(([type, own]) => {
    const model = { type: fc.constantFrom(...type), ...own };
    const always = ["type", ...("toAddress" in own ? ["toAddress"] : [])];
    return [
      record({ ...common, ...model }, { requiredKeys: always }),
      record({ ...withPorts, ...model }, { requiredKeys: [...always, "protocol"] }),
    ];
  });
  const exception = record(
    { ...common, type: fc.constantFrom("snat", "dnat"), exclude: fc.constant(true) },
    { requiredKeys: ["type", "exclude"] },
  );
  return fc.oneof(
    fc.tuple(fc.oneof(...translations), flags).map(([args, given]) => ({ ...args, ...given })),
    exception,
  );
}

/** Returns the range between two addresses. */
const rangeOfHosts = (ends: [string, string]): string => {
  const [one, other] = ends;
  return normalizeRange(`${one}-${other}`) === undefined ? `${other}-${one}` : `${one}-${other}`;
};

export default kindSample(natRule, {
  args: fc.oneof(natRuleOf(inet), natRuleOf(inet6)),
  examples: [
    {
      namespace: "red",
      type: "snat",
      family: "ip",
      source: "192.168.15.0/24",
      destination: "203.0.113.0/24",
      protocol: "tcp",
      sourcePort: "1024-65535",
      destinationPort: 80,
      outInterface: "eth0",
      toAddress: "203.0.113.1",
      toPort: 8080,
      exclude: false,
      random: false,
      fullyRandom: true,
      persistent: true,
      after: "lan-in@89abcdef",
      priority: 50,
    },
    {
      namespace: "red",
      type: "dnat",
      family: "ip6",
      source: "fd00::/64",
      destination: ["fd00:1::/64", "fd00:2::1/128"],
      protocol: ["tcp", "udp"],
      sourcePort: 1024,
      destinationPort: [53, "5000-5010"],
      inInterface: ["eth0", "eth1"],
      toAddress: "fd00::5-fd00::9",
      toPort: "53-54",
      exclude: false,
      random: true,
      fullyRandom: false,
      persistent: false,
      priority: -50,
    },
    {
      type: "dnat",
      family: "ip",
      destination: "10.8.0.0/16",
      inInterface: "eth0",
      exclude: true,
      random: false,
      fullyRandom: false,
      persistent: false,
      priority: -50,
    },
  ],
  required: ["type"],
  replaces: ["namespace"],
  leftToKernel: ["family", "priority"],
});
