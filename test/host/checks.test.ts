import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks } from "../../checks/index.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { pingOnce, pings } from "../support/ping.ts";

/*
 * The checks over a whole lab, compared with the kernel: labs are created by hand, and each check must find exactly what the kernel
 * rejects.
 */

/** A lab with one address: on a port of a bridge, or on the bridge. */
interface Small {
  readonly on: "p" | "br0";
  readonly address: string;
  readonly mtus: { readonly p: number; readonly br: number | undefined };
  /** The last values of the switches of IPv6; undefined if the program does not set them. */
  readonly off: { readonly all: string | undefined; readonly own: string | undefined };
}

const mtu = fc.constantFrom(1000, 1279, 1280, 1500);
const value = fc.constantFrom(undefined, undefined, "0", "1");
const small: fc.Arbitrary<Small> = fc.record({
  on: fc.constantFrom("p", "br0"),
  address: fc.constantFrom("10.0.0.1/24", "fd00::1/64", "fd00::1/64"),
  mtus: fc.record({ p: mtu, br: fc.option(mtu, { nil: undefined }) }),
  off: fc.record({ all: value, own: value }),
});

const one = (type: string, args: object): Declared => ({ type, name: type, args });

const keys = ({ on, off }: Small): [string, string][] =>
  Object.entries({ all: off.all, [on]: off.own }).flatMap(([name, value]) =>
    value === undefined ? [] : [[`net.ipv6.conf.${name}.disable_ipv6`, value]],
  );

const declaredOf = (lab: Small): Declared[] => [
  one("Bridge", { name: "br0", mtu: lab.mtus.br }),
  one("Veth", { a: { name: "p", master: "br0", mtu: lab.mtus.p }, b: { name: "far", mtu: lab.mtus.p } }),
  one("Address", { interface: lab.on, address: lab.address }),
  ...keys(lab).map(([key, value]) => one("Sysctl", { key, value })),
];

/** Creates the lab, and returns whether it then has its address. */
async function isThere({ run, try: attempt, ip }: Sandbox, lab: Small): Promise<boolean> {
  const { mtus, on, address } = lab;
  await attempt("ip", "link", "delete", "br0");
  await attempt("ip", "link", "delete", "p");
  await run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=0");
  await run("ip", "link", "add", "br0", "type", "bridge");
  await run("ip", "link", "add", "p", "mtu", String(mtus.p), "type", "veth", "peer", "far", "mtu", String(mtus.p));
  await run("ip", "link", "set", "p", "master", "br0", "up");
  await run("ip", "link", "set", "br0", "up");
  if (mtus.br !== undefined) await run("ip", "link", "set", "br0", "mtu", mtus.br === 1500 ? "1400" : "1500");
  if (mtus.br !== undefined) await run("ip", "link", "set", "br0", "mtu", String(mtus.br));
  // An interface without IPv6 does not have these keys.
  for (const [key, value] of keys(lab)) await attempt("sysctl", "-qw", `${key}=${value}`);
  await attempt("ip", "address", "add", address, "dev", on);
  const [link] = await ip("address", "show", "dev", on);
  return link.addr_info.some(({ local }: { local: string }) => address.startsWith(`${local}/`));
}

const IN_THE_WAY = ["ipv6-mtu", "ipv6-off"];

test("the checks report an address if and only if the kernel does not have it", async () => {
  await using host = await sandbox();
  await fc.assert(
    fc.asyncProperty(small, async (lab) => {
      const found = runChecks(declaredOf(lab)).filter(({ check }) => IN_THE_WAY.includes(check));
      const there = await isThere(host, lab);
      // If the two differ, the later one applies, and the order is unknown.
      const ordered = lab.off.all === undefined || lab.off.own === undefined || lab.off.all === lab.off.own;
      if (ordered) expect(found.length === 0).toBe(there);
      else expect(found.every(({ check }) => check === "ipv6-mtu")).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test("an address on a port of a bridge is unreachable, and one on the bridge is reachable", async () => {
  await using host = await sandbox();
  await host.run("ip", "netns", "add", "a");
  await host.run("ip", "link", "add", "br0", "up", "type", "bridge");
  await host.run("ip", "link", "add", "p", "type", "veth", "peer", "eth0", "netns", "a");
  await host.run("ip", "link", "set", "p", "master", "br0", "up");
  await host.run("ip", "-n", "a", "link", "set", "eth0", "up");
  await host.run("ip", "-n", "a", "address", "add", "10.0.0.2/24", "dev", "eth0");
  await host.run("ip", "address", "add", "10.0.0.1/24", "dev", "p");
  expect(await pings(host, "a", "10.0.0.1")).toBe(false);
  await host.run("ip", "address", "delete", "10.0.0.1/24", "dev", "p");
  await host.run("ip", "address", "add", "10.0.0.1/24", "dev", "br0");
  await pingOnce(host, "a", "10.0.0.1");
});

test.each([
  [[false, false], true],
  [[true, false], false],
])(
  "in a ring of bridges with the spanning tree protocol %j, a broadcast loops: %s",
  async (stp, circles) => {
    await using host = await sandbox();
    const { run } = host;
    await run("sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1");
    for (const [index, speaks] of stp.entries())
      await run(
        ...["ip", "link", "add", `br${index}`, "up", "type", "bridge"],
        ...["stp_state", speaks ? "1" : "0", "forward_delay", "200", "hello_time", "100"],
      );
    for (const cable of ["v", "w"]) {
      await run("ip", "link", "add", `${cable}0`, "type", "veth", "peer", `${cable}1`);
      for (const end of ["0", "1"]) await run("ip", "link", "set", `${cable}${end}`, "master", `br${end}`, "up");
    }
    const forwarding = async () => {
      const ports = (await run("bridge", "link", "show")).match(/state \w+/g) ?? [];
      return ports.filter((state) => state === "state forwarding").length;
    };
    await expect.poll(forwarding, { timeout: 60_000 }).toBe(circles ? 4 : 3);
    await run("ip", "address", "add", "10.0.0.1/24", "dev", "br0");
    await host.try("ping", "-c1", "-W1", "10.0.0.9");
    const packets = async () => (await host.ip("-s", "link", "show", "dev", "v0"))[0].stats64.rx.packets as number;
    const before = await packets();
    await sleep(200);
    const more = (await packets()) - before;
    if (circles) expect(more).toBeGreaterThan(1000);
    else expect(more).toBeLessThan(20);
  },
  60_000,
);
