import type { Kind, Observed } from "../../provider/kind.ts";
import * as kinds from "../../provider/kinds/index.ts";
import { check, type Fields, fieldsOf } from "../../provider/schema.ts";

/** The mark of a resource that tests speak of. */
export const MARK = "pulumi-netns:lab/dev:it@0123abcd";

/** For each kind, arguments that are right; together they hold every argument that can stand beside the others. */
export const samples: readonly { readonly type: string; readonly kind: Kind; readonly args: object }[] = [
  sample(kinds.namespace, { name: "red" }),
  sample(kinds.bridge, {
    name: "br0",
    namespace: "red",
    mac: "02:00:00:00:00:01",
    up: true,
    mtu: 1400,
    stp: true,
    vlanFiltering: false,
    altname: "the-office-lan",
    addresses: ["192.168.15.5/24", "fd00:15::5/64"],
  }),
  sample(kinds.veth, {
    a: {
      name: "left",
      namespace: "red",
      mac: "02:00:00:00:00:01",
      up: true,
      mtu: 1500,
      master: "br0",
      altname: "uplink-of-the-office",
      addresses: ["192.168.15.1/24"],
      gateways: ["192.168.15.5"],
    },
    b: { name: "right", namespace: "blue", mac: "02:00:00:00:00:02", up: false, mtu: 1500, master: "br1" },
  }),
  sample(kinds.address, {
    interface: "eth0",
    namespace: "red",
    address: "192.168.15.1/24",
    peer: "192.168.15.2",
    broadcast: "192.168.15.255",
    scope: "global",
  }),
  sample(kinds.route, {
    namespace: "red",
    destination: "10.7.0.0/16",
    type: "unicast",
    via: "192.168.15.5",
    interface: "eth0",
    source: "192.168.15.1",
    onlink: true,
    mtu: 1400,
    metric: 50,
    table: 100,
  }),
  sample(kinds.natRule, {
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
    after: "lan-in@89abcdef",
    priority: 50,
  }),
  sample(kinds.natRule, {
    namespace: "red",
    type: "dnat",
    family: "ip6",
    source: "fd00::/64",
    destination: "fd00:1::/64",
    protocol: "udp",
    sourcePort: 1024,
    destinationPort: "5000-5010",
    inInterface: "eth0",
    toAddress: "fd00::5",
    toPort: 53,
    priority: -50,
  }),
  sample(kinds.sysctl, { key: "net.ipv4.ip_forward", value: "1", namespace: "red" }),
  sample(kinds.sysctl, { key: "net.ipv4.conf.{interface}.rp_filter", value: "2", interface: "eth0", namespace: "red" }),
  sample(kinds.process, {
    namespace: "red",
    command: ["dnsmasq", "--no-daemon"],
    env: { TZ: "UTC" },
    cwd: "/srv",
    log: "/var/log/dnsmasq.log",
    stopSignal: "SIGINT",
    settle: 1000,
  }),
  sample(kinds.hosts, {
    namespace: "red",
    addresses: { web: "10.0.0.80", db: ["10.0.0.5", "fd00::5"] },
    nameservers: ["10.0.0.1"],
  }),
];

/** Every argument that the samples hold, with its dotted path. */
export const everyArgument = samples.flatMap((one) =>
  pathsOf(one.kind.schema.entries).flatMap((path) => (valueAt(one.args, path) === undefined ? [] : [{ ...one, path }])),
);

/** Arguments as they come to a plan: checked, and completed. */
export function ready<Args extends object, Seen extends Observed<Args>>(kind: Kind<Args, Seen>, args: object): Args {
  const checked = check(kind.schema, args);
  if ("failures" in checked) throw new Error(JSON.stringify(checked.failures));
  return kind.complete?.(checked.args, MARK) ?? checked.args;
}

/** The value at a dotted path. */
export function valueAt(args: object, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], args);
}

/** Arguments with another value at a dotted path. */
export function withValue(args: object, path: string, value: unknown): Record<string, unknown> {
  const [key = "", ...rest] = path.split(".");
  const inner = (args as Record<string, unknown>)[key];
  return { ...args, [key]: rest.length === 0 ? value : withValue(inner as object, rest.join("."), value) };
}

/** The dotted paths of all arguments, groups before what is in them. */
export function pathsOf(fields: Fields): string[] {
  return Object.entries(fields).flatMap(([key, entry]) => [
    key,
    ...pathsOf(fieldsOf(entry) ?? {}).map((inner) => `${key}.${inner}`),
  ]);
}

function sample(kind: { readonly type: string }, args: object) {
  return { type: kind.type, kind: kind as unknown as Kind, args };
}
