import fc from "fast-check";
import { cidr, isHost } from "../../provider/cidr.ts";
import type { Kind } from "../../provider/kind.ts";
import * as kinds from "../../provider/kinds/index.ts";

export const record = fc.record as (
  model: Record<string, fc.Arbitrary<unknown>>,
  keys: { requiredKeys: string[] },
) => Args;
export type Args = fc.Arbitrary<Record<string, unknown>>;

const NAME_UNITS = [..."abcdefXYZ0123456789._-@;$()#=~!|&<>{}[],^`", "ü", "字", "🦑"];

const name = (bytes: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...NAME_UNITS), minLength: 1, maxLength: bytes })
    .filter((text) => Buffer.byteLength(text) <= bytes && !/^-|^\.\.?$/.test(text));

/** Names that an interface may have. */
export const interfaceName = name(15);
/** Names that a namespace may have. */
export const namespaceName = name(40);
const interfacePattern = fc
  .oneof(
    interfaceName,
    interfaceName.map((start) => `${start}*`),
  )
  .filter((pattern) => !/^!|\+$/.test(pattern));

const byte = (): fc.Arbitrary<string> =>
  fc.integer({ max: 255, min: 0 }).map((value) => value.toString(16).padStart(2, "0"));
const mac = fc
  .tuple(byte(), byte(), byte(), byte(), byte(), fc.boolean())
  .map(([a, b, c, d, e, upper]) =>
    upper ? `02:${a}:${b}:${c}:${d}:${e}`.toUpperCase() : `02:${a}:${b}:${c}:${d}:${e}`,
  );

const mtu = fc.integer({ min: 68, max: 65_520 });
const portNumber = fc.integer({ min: 1, max: 65_520 });
const ports = fc.oneof(
  portNumber,
  portNumber.map(String),
  fc.tuple(portNumber, portNumber).map(([one, other]) => `${Math.min(one, other)}-${Math.max(one, other)}`),
);

/** What is generated of one family: addresses of hosts, those with a prefix length, and networks. */
function family(address: fc.Arbitrary<string>, longest: number) {
  const host = address.filter((text) => isHost(text));
  const withLength = fc.tuple(host, fc.integer({ min: 0, max: longest })).map((pair) => pair.join("/"));
  const network = withLength.map((text) => `${cidr(text)?.network}/${cidr(text)?.length}`);
  return { host, withLength, network };
}

const inet = family(fc.ipV4(), 32);
const inet6 = family(
  fc.oneof(
    fc.ipV6(),
    fc.ipV6().map((text) => text.toUpperCase()),
  ),
  128,
);
type Family = typeof inet;

const altname = name(127).filter((text) => Buffer.byteLength(text) > 15);
const link = { name: interfaceName, namespace: namespaceName, mac, up: fc.boolean(), mtu, altname };
const end = record({ ...link, master: interfaceName }, { requiredKeys: ["name"] });

const address = ({ host, withLength }: Family, more: Record<string, fc.Arbitrary<unknown>>): Args =>
  record(
    { interface: interfaceName, namespace: namespaceName, address: withLength, peer: host, ...more },
    { requiredKeys: ["interface", "address"] },
  );

function route({ host, network }: Family): Args {
  const common = {
    namespace: namespaceName,
    destination: fc.oneof(fc.constant("default"), network),
    source: host,
    mtu,
    metric: fc.integer({ min: 0, max: 4_294_967_295 }),
    table: fc.integer({ min: 1, max: 4_294_967_295 }),
  };
  return fc.oneof(
    record({ ...common, via: host, interface: interfaceName }, { requiredKeys: ["destination", "via"] }),
    record(
      { ...common, via: host, interface: interfaceName, onlink: fc.boolean() },
      { requiredKeys: ["destination", "via", "interface"] },
    ),
    record({ ...common, interface: interfaceName }, { requiredKeys: ["destination", "interface"] }),
    record(
      { ...common, type: fc.constantFrom("blackhole", "unreachable", "prohibit") },
      { requiredKeys: ["destination", "type"] },
    ),
  );
}

function natRule({ host, network }: Family): Args {
  const common = {
    namespace: namespaceName,
    source: fc.oneof(host, network),
    destination: fc.oneof(host, network),
    priority: fc.integer({ min: -199, max: 2_147_483_647 }),
    after: fc.stringMatching(/^[\w./-]{0,32}@[0-9a-f]{8}$/),
  };
  const withPorts = {
    ...common,
    protocol: fc.constantFrom("tcp", "udp", "sctp"),
    sourcePort: ports,
    destinationPort: ports,
    toPort: ports,
  };
  const types = [
    [["masquerade"], { outInterface: interfacePattern }],
    [["snat"], { outInterface: interfacePattern, toAddress: host }],
    [["redirect"], { inInterface: interfacePattern }],
    [["dnat"], { inInterface: interfacePattern, toAddress: host }],
  ] as const;
  return fc.oneof(
    ...types.flatMap(([type, own]) => {
      const model = { type: fc.constantFrom(...type), ...own };
      const always = ["type", ...("toAddress" in own ? ["toAddress"] : [])];
      return [
        record({ ...common, ...model }, { requiredKeys: always }),
        record({ ...withPorts, ...model }, { requiredKeys: [...always, "protocol"] }),
      ];
    }),
  );
}

const sysctlCommon = {
  value: fc.array(fc.stringMatching(/^[!-~]{1,8}$/), { minLength: 1, maxLength: 4 }).map((words) => words.join(" ")),
  namespace: namespaceName,
};
const sysctl = fc.oneof(
  record(
    {
      ...sysctlCommon,
      key: fc
        .array(fc.stringMatching(/^[a-z0-9_-]{1,8}([/][a-z0-9]{1,3})?$/), { minLength: 1, maxLength: 4 })
        .map((names) => ["net", ...names].join(".")),
    },
    { requiredKeys: ["key", "value"] },
  ),
  record(
    {
      ...sysctlCommon,
      key: fc
        .tuple(fc.constantFrom("ipv4.conf", "ipv6.conf", "ipv4.neigh"), fc.stringMatching(/^[a-z_]{1,8}$/))
        .map(([area, setting]) => `net.${area}.{interface}.${setting}`),
      interface: fc.stringMatching(/^[a-z][a-z0-9-]{0,8}([.][a-z0-9]{1,3})?$/),
    },
    { requiredKeys: ["key", "value", "interface"] },
  ),
);

const words = fc.array(fc.stringMatching(/^[ -~]{1,9}$/), { minLength: 1, maxLength: 4 });
const path = fc.stringMatching(/^(\/[!-~]{1,8}){1,3}$/);
const address4or6 = fc.oneof(inet.host, inet6.host);
const hostName = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,7}[a-z0-9])?(\.[a-z]{1,4}){0,2}$/);

const process = record(
  {
    namespace: namespaceName,
    command: words,
    env: fc.dictionary(fc.stringMatching(/^[A-Z]{1,4}$/), fc.stringMatching(/^[ -~]{0,9}$/), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    cwd: path,
    log: path,
    stopSignal: fc.constantFrom("SIGTERM", "SIGINT", "SIGKILL"),
    settle: fc.integer({ min: 100, max: 60_000 }),
  },
  { requiredKeys: ["command"] },
);

const hosts = record(
  {
    namespace: namespaceName,
    addresses: fc.dictionary(hostName, fc.oneof(address4or6, fc.array(address4or6, { minLength: 1, maxLength: 3 })), {
      maxKeys: 3,
      noNullPrototype: true,
    }),
    nameservers: fc.array(address4or6, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ["namespace"] },
);

const valid: Record<keyof typeof kinds, Args> = {
  namespace: record({ name: namespaceName }, { requiredKeys: ["name"] }),
  bridge: record({ ...link, stp: fc.boolean(), vlanFiltering: fc.boolean() }, { requiredKeys: ["name"] }),
  veth: record({ a: end, b: end }, { requiredKeys: ["a", "b"] }).filter(({ a, b }) => {
    const [left, right] = [a, b] as { name: string; namespace?: string }[];
    return left?.name !== right?.name || left?.namespace !== right?.namespace;
  }),
  address: fc.oneof(
    address(inet, { broadcast: inet.host, scope: fc.constantFrom("global", "link", "host") }),
    address(inet6, {}),
  ),
  route: fc.oneof(route(inet), route(inet6)),
  natRule: fc.oneof(natRule(inet), natRule(inet6)),
  sysctl,
  process,
  hosts,
};

/** Arguments of a NAT rule that are right, in no particular spelling. */
export const natArgs = valid.natRule;

/** Each kind, with arguments that are right, in no particular spelling. */
export const everyKind = Object.entries(kinds).map(([key, kind]) => ({
  type: kind.type,
  kind: kind as unknown as Kind,
  args: valid[key as keyof typeof kinds],
}));
