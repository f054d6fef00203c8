// @kernel wireguard
import { beforeEach, expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";
import { declaredBy } from "../support/declared-by.ts";
import type { LabResource } from "../support/lab.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { traced } from "../support/traced.ts";

labForEachTest("red", "blue");

const [RED, BLUE] = [8, 16].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];
const [FROM_RED, FROM_BLUE] = [publicKeyOf(RED), publicKeyOf(BLUE)];

const LEFT = { name: "wg0", namespace: "red", privateKey: RED, listenPort: 51_820, addresses: ["10.255.0.1/24"] };
const PEER = { publicKey: FROM_BLUE, endpoint: "10.0.0.2:51820" };
let left: LabResource;

//   red ─ wg0 10.255.0.1 ┄┄ tunnel ┄┄ 10.255.0.2 wg0 ─ blue
//          └ eth0 10.0.0.1 ════════════ 10.0.0.2 eth0 ┘
beforeEach(async () => {
  await lab.resource("Veth", "wire").up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  left = lab.resource("WireGuard", "left");
  await left.up({ ...LEFT, peers: [{ ...PEER, allowedIps: ["10.255.0.2/32"] }] });
  await lab.resource("WireGuard", "right").up({
    ...{ name: "wg0", namespace: "blue", privateKey: BLUE, listenPort: 51_820, addresses: ["10.255.0.2/24"] },
    peers: [{ publicKey: FROM_RED, allowedIps: ["10.255.0.1/32"] }],
  });
});

const wg = (place: string, words: string) =>
  lab.run("ip", "netns", "exec", place, "wg", "set", "wg0", ...words.split(" "));

/** Returns the outcome of a trace from red to blue through the tunnel, and compares it with a real ping. */
const outcome = async () =>
  (await traced(labHost(lab.enter), { from: "red", to: "10.255.0.2", count: 2, wait: 2 })).outcome;

test("a trace names the key, the port and the allowed IPs because of which a WireGuard drops a packet", async () => {
  expect(await outcome()).toEqual({ kind: "answered" });
  await wg("blue", `peer ${FROM_RED} allowed-ips 10.255.0.9/32`);
  expect(await outcome()).toEqual({
    ...{ kind: "died", way: "there", place: "red", cause: "no-tunnel" },
    reason: "wg0 in blue drops packets from 10.255.0.1: it is not in the allowed IPs of its peer wg0 in red",
    hint: "add it to `allowedIps` of that peer, or run `pulumi up --refresh` if the program has it",
  });
  await wg("blue", `peer ${FROM_RED} remove`);
  expect(await outcome()).toMatchObject({
    reason: "wg0 in blue has no peer with the public key of wg0 in red",
    hint: "add it to `peers` of wg0, or run `pulumi up --refresh` if the program has it",
  });
  await wg("blue", `listen-port 51821 peer ${FROM_RED} allowed-ips 10.255.0.1/32`);
  expect(await outcome()).toMatchObject({
    reason: "wg0 in red sends to port 51820, where wg0 in blue does not listen: it listens on 51821",
    hint: "give the peer the `endpoint` 10.0.0.2 with the port 51821, or run `pulumi up --refresh` if the program has it",
  });
  await wg("red", `peer ${FROM_BLUE} endpoint 10.0.0.2:51821`);
  await expect.poll(outcome, { timeout: 60_000, interval: 5000 }).toEqual({ kind: "answered" });
  await wg("red", `peer ${FROM_BLUE} remove`);
  expect(await outcome()).toMatchObject({
    reason: "wg0 in red has no peer with 10.255.0.2 in its allowed IPs",
    hint: "add it to `allowedIps` of a peer, or run `pulumi up --refresh` if the program has it",
  });
});

test("a trace names the route of a WireGuard that is down, in whose place a default route leads elsewhere", async () => {
  await left.up({ ...LEFT, routes: true, peers: [{ ...PEER, allowedIps: ["10.255.0.2/32", "10.9.0.0/24"] }] });
  await lab.run("ip", "-n", "red", "route", "add", "default", "via", "10.0.0.2");
  await lab.run("ip", "-n", "red", "link", "set", "dev", "wg0", "down");
  const found = await traced(
    labHost(lab.enter),
    { from: "red", to: "10.9.0.1" },
    { declared: declaredBy({ "WireGuard left": left }) },
  );
  expect(found.outcome).toMatchObject({
    place: "blue",
    reason: expect.stringMatching(
      /^the route to 10\.9\.0\.0\/24 of WireGuard left is gone, because wg0 is down: blue (drops|has no route)/,
    ),
    hint: "run `pulumi up --refresh`, which sets wg0 up and adds the route: it does not return when wg0 alone is set up",
  });
});
