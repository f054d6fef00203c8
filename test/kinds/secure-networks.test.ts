// @kernel wireguard
import { afterEach, beforeEach, expect, test } from "vitest";
import { argv, type Command, displayCommand } from "../../provider/kernel/command.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { Host, LabHost, Lan, Link } from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
import type { Engine } from "../support/engine.ts";
import { openFarEngine } from "../support/far-hosts.ts";
import { type NearHosts, openNearHosts } from "../support/near-hosts.ts";
import { pingFrom } from "../support/ping.ts";
import { type Frame, sniffed } from "../support/sniffed.ts";

const NAMES = ["lab1", "lab2", "lab3"] as const;

let near: NearHosts;
let engine: Engine;
let before: string[];
/** The commands of the providers: their arguments, and the text that the user sees. */
let commands: string[];

beforeEach(async () => {
  near = await openNearHosts(...NAMES);
  before = await near.traces();
  commands = [];
  const remoteKernel = (name: string) => noted(near.host(name).kernel());
  engine = openFarEngine({ project: "secure", stack: "dev", remoteKernel });
});

afterEach(async () => {
  succeeds(await engine.destroy());
  await expect.poll(near.traces, SOON).toEqual(before);
  await near[Symbol.asyncDispose]();
});

/** Returns a client that records each command. */
function noted({ run, runBatch, batchSize }: KernelClient): KernelClient {
  const note = (command: Command) => commands.push(argv(command).join(" "), displayCommand(command));
  return {
    batchSize,
    run(command) {
      note(command);
      return run(command);
    },
    runBatch(batch) {
      batch.forEach(note);
      return runBatch(batch);
    },
  };
}

/** Two hosts with a link between them, and a LAN with a host on each of some lab hosts. */
const program = (count: number, secure: boolean) => () => {
  const spans = NAMES.slice(0, count).map((name) => new LabHost(name, { address: near.host(name).address }));
  const [lab1, lab2] = spans as [LabHost, LabHost];
  const [a, b] = [new Host("left", { host: lab1 }), new Host("right", { host: lab2 })];
  new Link("wire", { a, b, networks: ["10.0.1.0/31"], secure });
  const hosts = spans.map((host, index) => ({ name: `on-${host.name}`, host, addresses: [addressOn(index + 1)] }));
  new Lan("office", { networks: ["192.168.15.0/24"], gateways: [], spans, secure, hosts });
};

const addressOn = (number: number) => `192.168.15.${number}`;

/** Sends packets of the size of an MTU over the link and between all hosts of the LAN, and a larger one, which must not pass. */
async function exchange(count: number, mtu: number): Promise<void> {
  const words = (size: number) => ["-M", "do", "-p", PATTERN, "-s", String(size - 28)];
  const ping = (host: string, from: string, to: string) => pingFrom(near.host(host), from, to, ...words(mtu));
  await ping("lab1", "left", "10.0.1.1");
  await ping("lab1", "on-lab1", addressOn(2));
  for (let to = 1; to < count; to++) await ping(`lab${count}`, `on-lab${count}`, addressOn(to));
  const tooLarge = ["ping", "-c1", "-W5", ...words(mtu + 1), addressOn(2)];
  await expect(near.host("lab1").run("ip", "netns", "exec", "on-lab1", ...tooLarge)).rejects.toThrow(
    /message too long/,
  );
}

/** The content of the packets. */
const PATTERN = "6c616227732073656372";

/** Returns the frames of the link and the LAN between the lab hosts. */
const passing = async (count: number, mtu: number) =>
  (await sniffed(near.box, "lab2", () => exchange(count, mtu))).filter(({ port }) => port !== undefined);

const isReadable = ({ bytes }: Frame): boolean => bytes.includes(Buffer.from(PATTERN, "hex"));

/** Returns the MTUs of all interfaces of the link and the LAN. */
async function mtus(): Promise<number[]> {
  const places = ["", "-n left", "-n right", "-n on-lab1"].map((place) => place.split(" ").filter(Boolean));
  const hosts = ["lab1", "lab2"].map((name) => near.host(name));
  const shown = hosts.flatMap((host) => places.map((place) => host.ip(...place, "link", "show").catch(() => [])));
  const links: { ifname: string; mtu: number }[] = (await Promise.all(shown)).flat();
  return links.filter(({ ifname }) => /^(office|wire)/.test(ifname)).map(({ mtu }) => mtu);
}

test("a secure link and LAN send all packets through one encrypted tunnel, and secure can be switched on and off", async () => {
  succeeds(await engine.up(program(2, false)));
  const open = await passing(2, 1450);
  expect(open.some(isReadable)).toBe(true);
  expect(new Set(await mtus())).toEqual(new Set([1450]));

  const planned = succeeds(await engine.preview(program(3, true)));
  expect(planned.filter((step) => / (Command|Namespace|WireGuard|Vxlan) /.test(step))).toEqual([
    ...["lab1", "lab2", "lab3"].map((name) => `create Command ${name}-secure-key`),
    ...["lab1", "lab2", "lab3"].map((name) => `create Namespace ${name}-secure`),
    "create Namespace on-lab3",
    "create Vxlan office-lab3",
    ...["lab1-to-lab2", "lab1-to-lab3", "lab2-to-lab1", "lab2-to-lab3", "lab3-to-lab1", "lab3-to-lab2"].map(
      (name) => `create WireGuard ${name}`,
    ),
    ...["office-lab1", "office-lab2", "wire-lab1", "wire-lab2"].map((name) => `replace Vxlan ${name}`),
  ]);
  expect(succeeds(await engine.up(program(3, true)))).toEqual(planned);
  const closed = await passing(3, 1390);
  expect(closed.length).toBeGreaterThan(10);
  expect(closed.filter((frame) => isReadable(frame) || !isTunnelPort(frame.port))).toEqual([]);
  expect(await mtus()).toEqual(Array.from({ length: 9 }, () => 1390));
  const [{ name: underlay }] = await near.host("lab1").ip("netns", "list").then(secureOnes);
  const tunnels = await near.host("lab1").ip("-n", underlay, "link", "show");
  expect(Object.fromEntries(tunnels.map(({ ifname, mtu }) => [ifname, mtu]))).toEqual({
    ...{ lo: 65_536, lab2: 1440, lab3: 1440 },
  });
  expect(succeeds(await engine.up(program(3, true)))).toEqual([]);
  expect(succeeds(await engine.refresh())).toEqual([]);
  const keys = engine.state.flatMap(({ outputs }) => outputs["privateKey"] ?? []) as string[];
  expect(new Set(keys).size).toBe(3);
  expect(commands.filter((line) => keys.some((key) => line.includes(key)))).toEqual([]);

  const left = succeeds(await engine.up(program(2, false)));
  expect(left.filter((step) => step.includes("WireGuard"))).toHaveLength(6);
  await exchange(2, 1450);
});

/** Returns whether WireGuard may use a port; see docs/many-hosts.md. */
const isTunnelPort = (port = 0): boolean => port >= 20_000 && port <= 29_999;

const secureOnes = (all: any[]) => all.filter(({ name }) => name.startsWith("secure-"));
