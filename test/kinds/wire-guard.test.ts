// @kernel wireguard
import { expect, test } from "vitest";
import { publicKeyOf } from "../../provider/wire-guard-key.ts";
import { SOON } from "../../tools/sandbox.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red", "blue");

const KEYS = [1, 2, 3].map((byte) => Buffer.alloc(32, byte * 8).toString("base64")) as [string, string, string];
const [RED, BLUE, SHARED] = KEYS;
const wg = async (...words: string[]) =>
  (await lab.run("ip", "netns", "exec", "red", "wg", "show", "wg0", ...words)).trim();
const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "wg0"))[0];
const pings = async () => (await lab.try("ip", "netns", "exec", "red", "ping", "-c2", "-W3", "10.255.0.2")).code === 0;

//   red ─ wg0 10.255.0.1 ┄┄ tunnel ┄┄ 10.255.0.2 wg0 ─ blue
//          └ eth0 10.0.0.1 ════════════ 10.0.0.2 eth0 ┘
test("two interfaces exchange packets, are updated without a new handshake, repaired after drift, and deleted", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({
    a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24"] },
    b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
  });
  const [left, right] = [lab.resource("WireGuard", "left"), lab.resource("WireGuard", "right")];
  const peer = {
    publicKey: publicKeyOf(BLUE),
    allowedIps: ["10.255.0.2/32"],
    endpoint: "10.0.0.2:51820",
    presharedKey: SHARED,
  };
  const args = { name: "wg0", namespace: "red", privateKey: RED, listenPort: 51_820, addresses: ["10.255.0.1/24"] };
  expect(
    await right.up({
      ...args,
      namespace: "blue",
      privateKey: BLUE,
      addresses: ["10.255.0.2/24"],
      peers: [{ publicKey: publicKeyOf(RED), allowedIps: ["10.255.0.1/32"], presharedKey: SHARED }],
    }),
  ).toBe("create");
  expect(await left.up({ ...args, peers: [peer] })).toBe("create");
  const created = await show();
  expect(created).toMatchObject({ group: "default", linkinfo: { info_kind: "wireguard" } });
  expect(created.flags).toContain("UP");
  expect(await wg("public-key")).toBe(publicKeyOf(RED));
  expect(await pings()).toBe(true);
  const handshake = await wg("latest-handshakes");
  expect(await left.up({ ...args, peers: [peer] })).toBe("same");
  expect(await left.refresh()).toEqual([]);
  // The endpoint that the kernel has learned is no drift.
  expect(await right.refresh()).toEqual([]);

  const more = { publicKey: publicKeyOf(SHARED), allowedIps: ["10.255.0.3/32", "fd00::/64"] };
  const changed = { ...args, fwmark: 7, peers: [more, { ...peer, persistentKeepalive: 25 }] };
  expect(await left.up(changed)).toBe("update");
  expect(await wg("fwmark")).toBe("0x7");
  expect(await wg("latest-handshakes")).toContain(handshake);
  expect(await wg("persistent-keepalive")).toContain(`${peer.publicKey}\t25`);
  expect(await left.refresh()).toEqual([]);
  expect(await show()).toMatchObject({ ifindex: created.ifindex });

  const { allowedIps: _, ...silent } = more;
  expect(await left.up({ ...changed, peers: [silent, { ...peer, persistentKeepalive: 25 }] })).toBe("update");
  expect(await wg("allowed-ips")).toContain(`${more.publicKey}\t(none)`);
  expect(await left.refresh()).toEqual([]);
  expect(await left.up(changed)).toBe("update");

  await lab.run("ip", "netns", "exec", "red", "wg", "set", "wg0", "peer", peer.publicKey, "remove");
  expect(await left.refresh()).toEqual(["peers"]);
  expect(await left.up(changed)).toBe("update");
  expect(await pings()).toBe(true);
  // Otherwise the kernel would learn the endpoint from its packets again.
  await lab.run("ip", "-n", "blue", "link", "set", "dev", "wg0", "down");
  expect(await left.up({ ...changed, peers: [{ ...peer, endpoint: undefined }] })).toBe("update");
  expect(await wg("endpoints")).toBe(`${peer.publicKey}\t(none)`);
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...args, privateKey: SHARED, listenPort: 51_821 })).toBe("update");
  expect(await wg("public-key")).toBe(publicKeyOf(SHARED));
  expect(await wg("listen-port")).toBe("51821");
  expect(await wg("peers")).toBe("");
  for (const one of [left, left, right, wire]) await one.destroy();
  await expectNothingLeft();
});

//   red ─ wg0 10.255.0.1 ┄┄┄┄┄┄┄┄┄┄┄┄┄┄ 10.255.0.2 wg0 ─ blue
//          ┊ underlay: core, eth0 10.0.0.1 ══════ 10.0.0.2 eth0
test("an interface whose underlay is another namespace is replaced after the underlay was deleted", async () => {
  const underlay = async () => {
    await lab.run("ip", "netns", "add", "core");
    await lab.resource("Veth", "wire").up({
      a: { name: "eth0", namespace: "core", addresses: ["10.0.0.1/24"] },
      b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
    });
  };
  await underlay();
  const [left, right] = [lab.resource("WireGuard", "left"), lab.resource("WireGuard", "right")];
  const args = { name: "wg0", namespace: "red", privateKey: RED, listenPort: 51_820, addresses: ["10.255.0.1/24"] };
  const inner = {
    ...{ ...args, underlay: "core" },
    peers: [{ publicKey: publicKeyOf(BLUE), allowedIps: ["10.255.0.2/32"], endpoint: "10.0.0.2:51820" }],
  };
  await right.up({
    ...{ ...args, namespace: "blue", privateKey: BLUE, addresses: ["10.255.0.2/24"] },
    peers: [{ publicKey: publicKeyOf(RED), allowedIps: ["10.255.0.1/32"] }],
  });
  expect(await left.up(inner)).toBe("create");
  expect(await lab.run("ip", "netns", "exec", "core", "cat", "/proc/net/udp")).toContain(":CA6C ");
  expect(await pings()).toBe(true);
  expect(await left.up(inner)).toBe("same");
  expect(await left.refresh()).toEqual([]);

  await lab.run("ip", "netns", "delete", "core");
  await expect.poll(() => left.refresh(), SOON).toEqual(["underlay"]);
  await underlay();
  expect(await left.up(inner)).toBe("replace");
  expect(await pings()).toBe(true);
  expect(await left.refresh()).toEqual([]);
  expect(await left.up({ ...inner, underlay: undefined })).toBe("replace");
  expect(await left.refresh()).toEqual([]);
  for (const one of [left, right]) await one.destroy();
  await lab.run("ip", "netns", "delete", "core");
});

test("two interfaces of one underlay cannot have the same port", async () => {
  const args = { name: "wg0", privateKey: RED, listenPort: 51_820 };
  await lab.resource("WireGuard", "first").up({ ...args, namespace: "red", underlay: "/" });
  const second = lab.resource("WireGuard", "second").up({ ...args, namespace: "blue", underlay: "/" });
  await expect(second).rejects.toThrow(/udp port 51820/);
});

test("an interface without a port keeps the port that the kernel chose", async () => {
  const site = lab.resource("WireGuard", "site");
  const args = { name: "wg0", namespace: "red", privateKey: RED };
  await site.up(args);
  const port = await wg("listen-port");
  expect(await site.refresh()).toEqual([]);
  expect(await site.up({ ...args, fwmark: 9 })).toBe("update");
  expect(await wg("listen-port")).toBe(port);
  await site.destroy();
});

test("a generated key is kept and restored after drift, and a key that the program omits later is kept", async () => {
  const site = lab.resource("WireGuard", "site");
  const args = { name: "wg0", namespace: "red" };
  expect(await site.up(args)).toBe("create");
  const key = await wg("private-key");
  expect(site.outputs).toMatchObject({ privateKey: key });
  expect(await site.up(args)).toBe("same");
  expect(await site.refresh()).toEqual([]);
  expect(await site.up({ ...args, fwmark: 9 })).toBe("update");
  expect(await wg("private-key")).toBe(key);
  await lab.run(
    "ip",
    ...["netns", "exec", "red", "sh", "-c", 'echo "$1" | wg set wg0 private-key /proc/self/fd/0', "sh", BLUE],
  );
  expect(await site.refresh()).toEqual(["privateKey"]);
  expect(await site.up({ ...args, fwmark: 9 })).toBe("update");
  expect(await wg("private-key")).toBe(key);
  expect(await site.up({ ...args, fwmark: 9, privateKey: RED })).toBe("update");
  expect(await wg("public-key")).toBe(publicKeyOf(RED));
  expect(await site.up({ ...args, fwmark: 9 })).toBe("same");
  await site.destroy();
});

test("the error about a port that is in use says what to change, and contains no key", async () => {
  await lab.resource("WireGuard", "first").up({ name: "wg0", namespace: "red", privateKey: RED, listenPort: 51_820 });
  await lab.run("ip", "netns", "exec", "red", "ip", "link", "add", "other", "type", "wireguard");
  await lab.run("ip", "netns", "exec", "red", "wg", "set", "other", "listen-port", "51900");
  await lab.run("ip", "netns", "exec", "red", "ip", "link", "set", "dev", "other", "up");
  const second = lab
    .resource("WireGuard", "second")
    .up({ name: "wg1", namespace: "red", privateKey: BLUE, listenPort: 51_900 });
  const error = await second.catch((reason: unknown) => reason as Error);
  expect(String(error)).toMatch(/Address already in use\n {2}help: another link, .* listenPort of a WireGuard/);
  for (const key of KEYS) expect(String(error)).not.toContain(key);
});

test.each([
  [{ privateKey: "secret" }, /^privateKey: "secret" is not a WireGuard key: 32 bytes in base64/],
  [
    { privateKey: RED, peers: [{ publicKey: BLUE, endpoint: "vpn.example:1" }] },
    /^peers.0.endpoint: "vpn.example:1" is not an address with a port/,
  ],
  [
    { privateKey: RED, peers: [{ publicKey: BLUE, endpoint: "10.0.0.1:65537" }] },
    /^peers.0.endpoint: "10.0.0.1:65537" is not/,
  ],
  [
    { privateKey: RED, peers: [{ publicKey: BLUE }, { publicKey: BLUE }] },
    /^peers: the peer ".*" is listed twice: peers\[0\] and peers\[1\]/,
  ],
  [
    { privateKey: RED, peers: [{ publicKey: publicKeyOf(RED) }] },
    /peers\[0\]\.publicKey is the public key of the interface itself/,
  ],
  [
    { routes: true, peers: [{ publicKey: publicKeyOf(BLUE), allowedIps: ["::/0"] }] },
    /^routes: a default route over the tunnel would also carry the tunnel's own packets/,
  ],
  [{ routes: true, up: false }, /^routes: routes need the interface up/],
  [
    {
      privateKey: RED,
      peers: [
        { publicKey: BLUE, allowedIps: ["10.0.0.0/8"] },
        { publicKey: SHARED, allowedIps: ["10.0.0.0/8"] },
      ],
    },
    /^peers: "10.0.0.0\/8" is an allowed IP of two peers: peers\[0\] and peers\[1\]/,
  ],
])("%j is refused before anything is done", async (args, why) => {
  await expect(lab.resource("WireGuard", "site").up({ name: "wg0", ...args })).rejects.toThrow(why);
  await expectNothingLeft();
});

test("adopt keeps the key of an interface, and is refused without that key in the program", async () => {
  await lab.run("ip", "-n", "red", ..."link add name wg0 type wireguard".split(" "));
  const file = "ip netns exec red wg set wg0 private-key /proc/self/fd/0";
  await lab.run("sh", "-ec", `${file} <<'EOF'\n${RED}\nEOF`);
  // The kernel sets the bits that are the same in every key.
  const own = await wg("private-key");
  const it = lab.resource("WireGuard", "it");
  const args = { name: "wg0", namespace: "red" };
  await expect(it.up({ ...args, privateKey: "" }, { adopt: true })).rejects.toThrow(
    /^WireGuard red\/wg0 exists with its own privateKey, which adopt would replace[^]*help: set privateKey to /,
  );
  expect(await wg("private-key")).toBe(own);
  expect(await it.up({ ...args, privateKey: RED }, { adopt: true })).toBe("create");
  expect(await wg("private-key")).toBe(own);
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  await expectNothingLeft();
});
