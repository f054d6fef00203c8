import { afterEach, beforeEach } from "vitest";
import { type LabHost, labHost } from "../../inspect/lab-host.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { world } from "../../tools/world.ts";

/** A lab without an engine, in which tests cause faults. */
export interface Ground extends AsyncDisposable {
  readonly box: Sandbox;
  readonly host: LabHost;
  /** Runs `ip` on the lab host. */
  ip(...args: string[]): Promise<string>;
  /** Runs `nft` on the lab host, or in a namespace. */
  nft(rules: string, namespace?: string): Promise<string>;
  /** Adds a default route of red through the lab host, which forwards. */
  route(): Promise<void>;
  /** Lets the lab host masquerade packets from red and blue. */
  masquerade(): Promise<void>;
}

/** The lab of the current test; see {@link groundForEachTest}. */
export let ground: Ground;

/** Gives each test of a file its own lab, and closes it after the test. */
export function groundForEachTest(): void {
  beforeEach(async () => {
    ground = await openGround();
  });
  afterEach(() => ground[Symbol.asyncDispose]());
}

/**
 * Opens the lab:
 *
 *   red 10.0.0.1 ─┐
 *                 ├─ v-net-0 10.0.0.5 (lab host) ── the LAN and the internet of tools/world.ts
 *   blue 10.0.0.2 ┘
 *
 * and the same in fd00::/64.
 */
export async function openGround(): Promise<Ground> {
  const box = await sandbox();
  await world(box);
  const ip = (...args: string[]) => box.run("ip", ...args);
  const nft = (rules: string, namespace?: string) =>
    namespace === undefined ? box.run("nft", rules) : box.run("ip", "netns", "exec", namespace, "nft", rules);
  await ip("link", "add", "name", "v-net-0", "type", "bridge");
  await ip("link", "set", "dev", "v-net-0", "up");
  await ip("address", "add", "10.0.0.5/24", "dev", "v-net-0");
  await ip("address", "add", "fd00::5/64", "dev", "v-net-0", "nodad");
  for (const [place, last] of Object.entries({ red: 1, blue: 2 })) {
    await ip("netns", "add", place);
    await ip("-n", place, "link", "set", "dev", "lo", "up");
    await ip("link", "add", "name", `${place}-br`, "type", "veth", "peer", "name", "eth0", "netns", place);
    await ip("link", "set", "dev", `${place}-br`, "up", "master", "v-net-0");
    await ip("-n", place, "link", "set", "dev", "eth0", "up");
    await ip("-n", place, "address", "add", `10.0.0.${last}/24`, "dev", "eth0");
    await ip("-n", place, "address", "add", `fd00::${last}/64`, "dev", "eth0", "nodad");
  }
  return {
    box,
    host: labHost(box.enter),
    ip,
    nft,
    async route() {
      await ip("-n", "red", "route", "add", "default", "via", "10.0.0.5");
      await box.run("sysctl", "-qw", "net.ipv4.ip_forward=1");
    },
    async masquerade() {
      await nft("add table inet t; add chain inet t out { type nat hook postrouting priority srcnat; }");
      await nft("add rule inet t out ip saddr 10.0.0.0/24 masquerade");
    },
    [Symbol.asyncDispose]: () => box[Symbol.asyncDispose](),
  };
}
