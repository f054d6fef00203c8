import fc from "fast-check";
import { cidr, isHost, isLinkLocal } from "../../provider/cidr.ts";

/** Returns a generator of arguments. A link without a master has no settings of a port. */
export const record = (model: Record<string, fc.Arbitrary<unknown>>, keys: { requiredKeys: string[] }): Args =>
  fc
    .record<Record<string, unknown>>(model, keys)
    .map(({ port, ...args }) => (port === undefined || args["master"] === undefined ? args : { ...args, port }));
export type Args = fc.Arbitrary<Record<string, unknown>>;

const NAME_UNITS = [..."abcdefXYZ0123456789._-@;$()#=~!|&<>{}[],^`", "ü", "字", "🦑"];

const name = (bytes: number): fc.Arbitrary<string> =>
  fc
    .string({ unit: fc.constantFrom(...NAME_UNITS), minLength: 1, maxLength: bytes })
    .filter((text) => Buffer.byteLength(text) <= bytes && !/^-|^\.\.?$/.test(text));

/** Names that are valid for an interface. */
export const interfaceName = name(15);
/** Names that are valid for a namespace. */
export const namespaceName = name(40);

const byte = (): fc.Arbitrary<string> =>
  fc.integer({ max: 255, min: 0 }).map((value) => value.toString(16).padStart(2, "0"));
/** MAC addresses that are valid for an interface. */
export const mac = fc
  .tuple(byte(), byte(), byte(), byte(), byte(), fc.boolean())
  .map(([a, b, c, d, e, upper]) =>
    upper ? `02:${a}:${b}:${c}:${d}:${e}`.toUpperCase() : `02:${a}:${b}:${c}:${d}:${e}`,
  );

/** MTUs that are valid for a link or a route. */
export const mtu = fc.integer({ min: 68, max: 65_520 });

/** Returns generators for one family: addresses, those that need no interface beside them, addresses with a prefix length, and networks. */
function family(address: fc.Arbitrary<string>, longest: number) {
  const host = address.filter((text) => isHost(text));
  const withLength = fc.tuple(host, fc.integer({ min: 0, max: longest })).map((pair) => pair.join("/"));
  const network = withLength.map((text) => `${cidr(text)?.network}/${cidr(text)?.length}`);
  const routed = host.filter((text) => !isLinkLocal(text));
  return { host, routed, withLength, network };
}

/** Addresses and networks of IPv4. */
export const inet = family(fc.ipV4(), 32);
export const inet6 = family(
  fc.oneof(
    fc.ipV6(),
    fc.ipV6().map((text) => text.toUpperCase()),
  ),
  128,
);
export type Family = typeof inet;

const altname = name(127).filter((text) => Buffer.byteLength(text) > 15);

/** An example of the settings of a bridge port, with a value for each. */
export const PORT = {
  isolated: true,
  hairpin: true,
  learning: false,
  flood: false,
  mcastFlood: false,
  bcastFlood: false,
  neighSuppress: true,
  guard: true,
  rootBlock: true,
  locked: true,
  vlanTunnel: true,
  groupFwdMask: 4,
  cost: 9,
  priority: 6,
  vlans: ["10 pvid untagged", "20-29"],
};

const port = fc.record(
  {
    ...Object.fromEntries(
      Object.entries(PORT).map(([name, value]) => [
        name,
        typeof value === "boolean"
          ? fc.boolean()
          : typeof value === "number"
            ? fc.integer({ min: 1, max: 63 })
            : fc.constantFrom([], [30, "1-9", "10 untagged pvid"], value),
      ]),
    ),
    groupFwdMask: fc.constantFrom(0, 4, 0x40_00),
  },
  { requiredKeys: [] },
);

/** An example of the settings of netem, with a value for each. */
export const NETEM = {
  delay: "20ms",
  jitter: "2ms",
  delayCorrelation: "25%",
  distribution: "normal",
  loss: "1%",
  lossCorrelation: "5%",
  duplicate: "0.1%",
  corrupt: "0.1%",
  reorder: "2%",
  gap: 5,
  rate: "10mbit",
  limit: 2000,
};

const { duplicate: _duplicate, ...NETEM_WITHOUT_DUPLICATE } = NETEM;

/** An example with settings for packets to some destinations. */
export const NETEM_PER_DESTINATION = {
  ...NETEM_WITHOUT_DUPLICATE,
  perDestination: [
    { ...NETEM_WITHOUT_DUPLICATE, to: "10.0.0.2/32" },
    { to: ["10.0.1.0/24", "fd00::2/128"], delay: "40ms" },
  ],
};

/** Settings of netem for all packets, in any spelling. An option without the one that it belongs to is left out. */
const plainNetem = fc
  .record(
    {
      delay: fc.constantFrom("20ms", 20, "1s", "2500us"),
      jitter: fc.constantFrom("1ms", 0.5, "100usec"),
      delayCorrelation: fc.constantFrom("25%", 10),
      distribution: fc.constantFrom("normal", "pareto", "paretonormal"),
      loss: fc.constantFrom("1%", 0.1, "50%"),
      lossCorrelation: fc.constantFrom("5%", 3),
      duplicate: fc.constantFrom("1%", 2),
      corrupt: fc.constantFrom("1%", 2),
      reorder: fc.constantFrom("1%", 2),
      gap: fc.integer({ min: 1, max: 100 }),
      rate: fc.oneof(fc.integer({ min: 1000, max: 10 ** 12 }), fc.constantFrom("8bit", "10mbit", "1.5Gbit")),
      limit: fc.integer({ min: 1, max: 100_000 }),
    },
    { requiredKeys: [] },
  )
  .map(({ jitter, delayCorrelation, distribution, lossCorrelation, reorder, gap, ...options }) => ({
    ...options,
    ...(options.delay !== undefined && {
      ...(jitter !== undefined && {
        jitter,
        ...(delayCorrelation !== undefined && { delayCorrelation }),
        ...(distribution !== undefined && { distribution }),
      }),
      ...(reorder !== undefined && { reorder, ...(gap !== undefined && { gap }) }),
    }),
    ...(options.loss !== undefined && lossCorrelation !== undefined && { lossCorrelation }),
  }));

const withoutDuplicate = plainNetem.map(({ duplicate: _, ...options }) => options);

/** Settings of netem, in any spelling, also for packets to some destinations. */
export const netemOptions = fc.oneof(
  plainNetem,
  fc
    .tuple(
      withoutDuplicate,
      fc.uniqueArray(fc.constantFrom("10.0.0.2", "10.0.0.0/24", "fd00::2", "::/0", "0.0.0.0/0"), { minLength: 1 }),
      fc.array(withoutDuplicate, { minLength: 5, maxLength: 5 }),
    )
    .map(([options, networks, others]) => ({
      ...options,
      perDestination: networks.map((to, index) => ({ to: index === 0 ? [to] : to, ...others[index] })),
    })),
);

/** Generators of the arguments that every link takes. */
export const link = {
  name: interfaceName,
  namespace: namespaceName,
  mac,
  up: fc.boolean(),
  mtu,
  master: interfaceName,
  port,
  altname,
  gatewayTable: fc.integer({ min: 1, max: 4_294_967_294 }),
  netem: netemOptions,
};

/** The arguments of every single link that the kernel chooses if they are omitted. */
export const LEFT_TO_KERNEL = ["mtu", "port.cost", "port.priority", "port.vlans"];

/** Example values of all arguments that every link takes. */
export const LINK = {
  name: "x0",
  namespace: "red",
  mac: "02:00:00:00:00:01",
  up: true,
  mtu: 1400,
  master: "br0",
  port: PORT,
  altname: "the-second-name",
  addresses: ["192.168.15.5/24", "fd00:15::5/64"],
  gateways: ["192.168.15.1"],
  gatewayTable: 10,
  netem: NETEM_PER_DESTINATION,
};

/** Returns a generator of times in seconds, with two decimals. */
export const seconds = (min: number, max: number): fc.Arbitrary<number> =>
  fc.integer({ min: min * 100, max: max * 100 }).map((hundredths) => hundredths / 100);
