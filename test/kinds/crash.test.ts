import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { markOf } from "../../provider/owner.ts";
import { ownEtc } from "../support/etc.ts";
import { Crash, type Lab, type LabResource, openLab } from "../support/lab.ts";

/** A resource, and the link that it lies on: with another link it is made again, as the engine has it. */
type Program = readonly (readonly [type: string, name: string, args: object, on?: string | undefined])[];
type States = Map<string, { type: string } & Pick<LabResource, "id" | "outputs">>;

const nothing: Program = [];

/** The first NAT rule, as the second one names it. */
const NAT = markOf({ project: "test", stack: "dev", name: "nat", urn: "urn:dev:NatRule:nat" }).split(":").at(-1);

const FIRST = markOf({ project: "test", stack: "dev", name: "first", urn: "urn:dev:NatRule:first" }).split(":").at(-1);

const before: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "lan", { name: "lan", mtu: 1500, mac: "02:00:00:00:00:07", altname: "first-lan" }],
  [
    "Veth",
    "wire",
    { a: { name: "eth0", namespace: "red", mac: "02:00:00:00:00:08" }, b: { name: "port", master: "lan" } },
  ],
  ["Address", "ip", { interface: "eth0", namespace: "red", address: "10.0.0.2/24" }, "wire"],
  ["Address", "ip6", { interface: "eth0", namespace: "red", address: "fd00::2/64" }, "wire"],
  ["Route", "out", { namespace: "red", destination: "default", via: "10.0.0.1" }, "wire"],
  ["Sysctl", "forwarding", { namespace: "red", key: "net.ipv4.ip_forward", value: "1" }],
  ["Sysctl", "host", { key: "net.ipv4.ip_forward", value: "1" }],
  ["NatRule", "nat", { namespace: "red", type: "masquerade", source: "10.0.0.0/24" }],
  ["NatRule", "nat2", { namespace: "red", type: "masquerade", source: "10.1.0.0/24", after: NAT }],
  ["Route", "hole", { destination: "10.77.0.0/16", type: "blackhole" }],
];

const daemons: Program = [
  ["Namespace", "red", { name: "red" }],
  ["Hosts", "names", { namespace: "red", addresses: { web: "10.0.0.2" }, nameservers: ["10.0.0.2"] }],
  ["Process", "web", { namespace: "red", command: ["sleep", "300"], settle: 100 }],
];

/** The program with other arguments for one resource, and with what lies on it made again. */
const changed = (name: string, args: object, again: readonly string[] = []): Program =>
  before.map(([type, its, old, on]): Program[number] => {
    const link = again.includes(its) ? "another" : on;
    return [type, its, its === name ? { ...old, ...args } : old, link];
  });

const FULL = { addresses: ["10.0.0.2/24", "10.0.0.3/24", "10.1.0.2/24"], gateways: ["10.0.0.1"] };

const onWire = ["ip", "ip6", "out"];

const steps: Record<string, { from: Program; to: Program }> = {
  "a create": { from: nothing, to: before },
  "a destroy": { from: before, to: nothing },
  "an update of a bridge": {
    from: before,
    to: changed("lan", { mtu: 1400, stp: true, mac: "02:00:00:00:00:09", altname: "second-lan" }),
  },
  "an update of a veth": { from: before, to: changed("wire", { b: { name: "port", mtu: 9000, up: false } }) },
  "an update of a route": { from: before, to: changed("out", { via: "10.0.0.9", mtu: 1400 }) },
  "an update of a sysctl": { from: before, to: changed("host", { value: "0" }) },
  "an update of a NAT rule": { from: before, to: changed("nat", { type: "snat", toAddress: "10.0.0.2" }) },
  "an insertion of a NAT rule": {
    from: before,
    to: [...changed("nat", { after: FIRST }), ["NatRule", "first", { namespace: "red", type: "masquerade" }]],
  },
  "a replacement of a veth": { from: before, to: changed("wire", { b: { name: "port2", master: "lan" } }, onWire) },
  "a replacement of an address": { from: before, to: changed("ip", { address: "10.0.0.3/24" }, ["out"]) },
  "a create of daemons": { from: nothing, to: daemons },
  "a destroy of daemons": { from: daemons, to: nothing },
  "a pair that passes to another resource": {
    from: before,
    to: changed("", {}, onWire).map(([type, name, args, on]): Program[number] => [
      type,
      name === "wire" ? "cable" : name,
      args,
      on,
    ]),
  },
  "two bridges that change names": {
    from: [
      ["Bridge", "one", { name: "br1", addresses: ["10.1.0.1/24"] }],
      ["Bridge", "two", { name: "br2", addresses: ["10.2.0.1/24"], altname: "second" }],
    ],
    to: [
      ["Bridge", "one", { name: "br2", addresses: ["10.1.0.1/24"] }],
      ["Bridge", "two", { name: "br1", addresses: ["10.2.0.1/24"], altname: "second" }],
    ],
  },
  "addresses and a default route that change their order and their link": {
    from: [
      ["Namespace", "red", { name: "red" }],
      ["Veth", "x", { a: { name: "x", namespace: "red", ...FULL }, b: { name: "px" } }],
      ["Veth", "y", { a: { name: "y", namespace: "red", addresses: ["10.2.0.2/24"] }, b: { name: "py" } }],
    ],
    to: [
      ["Namespace", "red", { name: "red" }],
      ["Veth", "x", { a: { name: "x", namespace: "red", addresses: FULL.addresses.toReversed() }, b: { name: "px" } }],
      [
        "Veth",
        "y",
        { a: { name: "y", namespace: "red", addresses: ["10.2.0.2/24"], gateways: ["10.2.0.1"] }, b: { name: "py" } },
      ],
    ],
  },
  "a hand-over of names": {
    from: before,
    to: changed("", {}, onWire).flatMap(
      (resource): Program =>
        resource[1] === "wire"
          ? [
              ["Veth", "left", { a: { name: "eth0", namespace: "red" }, b: { name: "x" } }],
              ["Veth", "right", { a: { name: "port", master: "lan" }, b: { name: "y" } }],
            ]
          : [resource],
    ),
  },
};

let lab: Lab;
let untouched: string;

beforeAll(async () => {
  lab = await openLab();
  await ownEtc(lab);
  untouched = await picture();
});

afterAll(() => lab[Symbol.asyncDispose]());

/** All that the program decides on, of the lab host and of the namespace. */
async function picture(): Promise<string> {
  const places = [[], ...(await lab.ip("netns", "list")).map(({ name }) => ["-n", name as string])];
  const parts = await Promise.all(
    places.map(async (place) => {
      const within = place.length === 0 ? [] : ["ip", "netns", "exec", place[1] as string];
      const [nft = "", ...listing] = [...within, "nft", "list", "ruleset"];
      const [sysctl = "", ...key] = [...within, "sysctl", "net.ipv4.ip_forward"];
      return [
        place,
        (await lab.ip(...place, "-details", "address", "show")).map(link).sort(),
        (await lab.ip(...place, "-4", "route", "show", "proto", "201")).map((route) => JSON.stringify(route)).sort(),
        (await lab.ip(...place, "-6", "route", "show", "proto", "201")).map((route) => JSON.stringify(route)).sort(),
        await lab.run(nft, ...listing),
        await lab.run(sysctl, ...key),
        place[1] && (await lab.run("sh", "-c", RUNNING, "sh", place[1])),
      ];
    }),
  );
  const files = await lab.run("sh", "-c", "find /run/pulumi-netns /etc/netns; cat /etc/netns/*/*; :");
  return JSON.stringify([...parts, files], undefined, 1);
}

const RUNNING = 'for pid in $(ip netns pids "$1"); do tr "\\0" " " </proc/$pid/cmdline | tail -c 9; done';

const link = ({ ifname, mtu, address, master, ifalias, altnames, flags, linkinfo, addr_info }: any): string =>
  JSON.stringify([
    {
      ifname,
      mtu,
      address,
      master,
      ifalias,
      altnames: altnames?.sort(),
      up: flags.includes("UP"),
      stp: linkinfo?.info_data?.stp_state,
    },
    addr_info
      .map(({ local, prefixlen }: any) => `${local}/${prefixlen}`)
      .filter((text: string) => !text.startsWith("fe80")),
  ]);

/** One run of the program: what it has comes first, in its order; what it no longer has goes last, in reverse. */
async function run(on: Lab, program: Program, states: States): Promise<void> {
  const old = [...states];
  for (const [type, name, args, link] of program) {
    const resource = on.resource(type, name);
    resource.resume(states.get(name));
    await resource.up(args, { atHome: "namespace" in args, ...(link !== undefined && { on: [link] }) });
    states.set(name, { type, id: resource.id, outputs: resource.outputs });
  }
  for (const [name, state] of old.reverse()) {
    if (program.some(([, wanted]) => wanted === name)) continue;
    const resource = on.resource(state.type, name);
    resource.resume(state);
    await resource.destroy();
    states.delete(name);
  }
}

async function drift(states: States): Promise<string[]> {
  const found: string[] = [];
  for (const [name, state] of states) {
    const resource = lab.nextRun().resource(state.type, name);
    resource.resume(state);
    const seen = await resource.refresh();
    if (seen === "gone" || seen.length > 0) found.push(`${name}: ${String(seen)}`);
  }
  return found;
}

async function crashes(commands: number, to: Program, states: States): Promise<boolean> {
  try {
    await run(lab.nextRun(commands), to, states);
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

describe.each(["kept after each resource", "lost with the run"])("with the state %s", (keeping) => {
  test.each(Object.entries(steps))(
    "%s that dies after any of its commands is finished by the next run",
    async (_what, { from, to }) => {
      const reference: States = new Map();
      await run(lab.nextRun(), from, reference);
      await run(lab.nextRun(), to, reference);
      const wanted = await picture();
      await run(lab.nextRun(), nothing, reference);
      expect(await picture()).toBe(untouched);

      let died = true;
      for (let commands = 0; died; commands += 1) {
        expect(commands).toBeLessThan(60);
        const states: States = new Map();
        await run(lab.nextRun(), from, states);
        const saved = new Map(states);
        died = await crashes(commands, to, states);
        const known = keeping.startsWith("lost") && died ? saved : states;
        await run(lab.nextRun(), to, known);
        expect([commands, await drift(known)]).toEqual([commands, []]);
        expect(await picture()).toBe(wanted);
        await run(lab.nextRun(), nothing, known);
        expect(await picture()).toBe(untouched);
      }
    },
    120_000,
  );
});
