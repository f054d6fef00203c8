import fc from "fast-check";
import { filterChain } from "../../provider/kinds/filter-chain.ts";
import { CT_STATES, ICMP_TYPES_OF } from "../../provider/kinds/filter-words.ts";
import { type Args, type Family, inet, inet6, namespaceName, record } from "../support/arbitraries.ts";
import { kindSample } from "../support/kind-sample.ts";
import { some, someInterfaces } from "../support/match-arbitraries.ts";

const portNumber = fc.integer({ min: 1, max: 65_535 });
// Often close together, so that they overlap or touch.
const nearPort = fc.integer({ min: 1, max: 12 });
const port = fc.oneof(
  portNumber,
  nearPort,
  fc.tuple(nearPort, nearPort).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
);

const nearHost = fc.integer({ min: 0, max: 9 }).map((byte) => `10.0.0.${byte}`);
const nearNetwork = fc.integer({ min: 0, max: 3 }).map((pair) => `10.0.0.${pair * 2}/31`);

const word = fc.integer({ min: 1, max: 4_294_967_295 });
const limit = fc.oneof(
  fc.tuple(word, fc.constantFrom("second", "minute", "hour", "day", "week")).map((pair) => pair.join("/")),
  fc.tuple(word, word).map(([rate, burst]) => `${rate}/second burst ${burst} packets`),
);

const log = fc.stringMatching(/^[\w .:;'#{}()é-]{1,60}$/);

const action = fc.oneof(
  fc.record({ action: fc.constantFrom("accept", "drop", "return") }),
  fc.record({ action: fc.constant("continue"), counter: fc.constant(true) }),
  record(
    {
      action: fc.constant("reject"),
      rejectWith: fc.constantFrom("port-unreachable", "admin-prohibited", "host-unreachable"),
    },
    { requiredKeys: ["action"] },
  ),
);

/** The marks that a rule sets: a rule that copies one sets no other. */
const marks = fc.oneof(
  record({ setMark: fc.nat(), setCtMark: fc.nat() }, { requiredKeys: [] }),
  fc.constantFrom({ setMark: "ct mark" }, { setCtMark: "meta mark" }),
);

function ruleOf({ host, network }: Family, near: fc.Arbitrary<string>, icmp: "icmp" | "icmpv6", sides: object): Args {
  const addresses = some(fc.oneof(host, network, near));
  const common = {
    ...{ ...sides, source: addresses, destination: addresses, limit, log, counter: fc.boolean(), mark: fc.nat() },
    ...{ ctState: some(fc.constantFrom(...CT_STATES)), ctMark: fc.nat() },
  };
  const protocols = [
    record(
      { protocol: some(fc.constantFrom("tcp", "udp", "sctp")), sourcePort: some(port), destinationPort: some(port) },
      { requiredKeys: ["protocol"] },
    ),
    record(
      { protocol: fc.constant(icmp), icmpType: some(fc.constantFrom(...ICMP_TYPES_OF[icmp])) },
      { requiredKeys: ["protocol"] },
    ),
    fc.record({ protocol: some(fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom("ospf", "esp", "gre"))) }),
    fc.constant({}),
  ];
  return fc
    .tuple(record(common, { requiredKeys: [] }), fc.oneof(...protocols), action, marks)
    .map(([match, protocol, decision, marked]) => ({ ...match, ...protocol, ...decision, ...marked }))
    .filter((rule) => !isOfOther("protocol" in rule ? rule.protocol : undefined, icmp));
}

/** Returns whether a protocol is the ICMP of the other family, which a generated number may be. */
const isOfOther = (protocol: unknown, icmp: string): boolean =>
  [protocol].flat().length === 1 &&
  (icmp === "icmp" ? [58, "icmpv6"] : [1, "icmp"]).includes([protocol].flat()[0] as never);

/** Returns a generator of the rules of a chain. */
const rulesWith = (sides: object): Args =>
  fc.oneof(
    ruleOf(inet, fc.oneof(nearHost, nearNetwork), "icmp", sides),
    ruleOf(
      inet6,
      fc.integer({ min: 0, max: 9 }).map((byte) => `fd00::${byte}`),
      "icmpv6",
      sides,
    ),
  );

const chainOf = (chain: string, sides: object): Args =>
  record(
    {
      namespace: namespaceName,
      chain: fc.constant(chain),
      policy: fc.constantFrom("accept", "drop"),
      priority: fc.oneof(fc.constant(0), fc.integer({ min: -2_147_483_648, max: 2_147_483_647 })),
      rules: fc.array(rulesWith(sides), { maxLength: 3 }),
    },
    { requiredKeys: ["chain"] },
  );

/** Rules of the chain forward, which packets of every interface pass. */
export const forwardRule = rulesWith({ inInterface: someInterfaces, outInterface: someInterfaces });

export default kindSample(filterChain, {
  args: fc.oneof(
    chainOf("prerouting", { inInterface: someInterfaces }),
    chainOf("input", { inInterface: someInterfaces }),
    chainOf("forward", { inInterface: someInterfaces, outInterface: someInterfaces }),
    chainOf("output", { outInterface: someInterfaces }),
  ),
  examples: [
    {
      namespace: "red",
      chain: "forward",
      policy: "drop",
      priority: 10,
      rules: [
        { action: "accept", family: "inet", ctState: ["established", "related"], counter: true },
        {
          ...{ action: "accept", family: "ip", inInterface: ["eth0", "eth1"], outInterface: "veth-*" },
          ...{ source: "192.168.15.0/24", destination: ["10.0.0.1/32", "10.0.0.8/29"], protocol: "tcp" },
          ...{ sourcePort: "1024-65535", destinationPort: [80, "8000-8099"], mark: 16 },
        },
        { action: "drop", family: "ip6", protocol: "icmpv6", icmpType: "nd-redirect", limit: "5/minute", log: "odd: " },
        { action: "reject", family: "inet", rejectWith: "tcp reset", protocol: "tcp" },
        { action: "continue", family: "inet", ctMark: 16, setMark: "ct mark" },
        { action: "continue", family: "inet", setMark: 1, setCtMark: 2 },
      ],
    },
  ],
  required: ["chain"],
  replaces: ["namespace", "chain", "priority"],
  leftToKernel: [],
});
