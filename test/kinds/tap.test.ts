import { expect, test } from "vitest";
import { linux } from "../../provider/kernel/client/linux.ts";
import { tap as kind } from "../../provider/kinds/tap.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { show, testLifeOfTunTap } from "../support/tun-tap-life.ts";

labForEachTest("red");

testLifeOfTunTap("Tap", "Tun");

test("a tap is a port of a bridge, and a program reads the frames of the bridge from it", async () => {
  await lab.resource("Bridge", "lan").up({ name: "lan", namespace: "red", addresses: ["10.0.0.1/24"] });
  const tap = lab.resource("Tap", "guest");
  const args = { name: "tap0", namespace: "red", master: "lan", mac: "02:00:00:00:00:0a" };
  expect(await tap.up(args)).toBe("create");
  expect(await show("tap0")).toMatchObject({ master: "lan", address: "02:00:00:00:00:0a" });
  expect(await show("tap0")).toMatchObject({ operstate: "DOWN" });
  const answer = await lab.run("ip", "netns", "exec", "red", "python3", "-c", READ_FRAME);
  expect(answer.trim()).toBe("0806");
  expect(await tap.up(args)).toBe("same");
  expect(await tap.refresh()).toEqual([]);
});

/** Opens the tap, makes the bridge send an ARP request, and prints the type of that frame; the bridge also sends IGMP and IPv6. */
const READ_FRAME = `
import fcntl, os, socket, struct
tap = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tap, 0x400454ca, struct.pack("16sH22x", b"tap0", 0x1002))
ask = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
for _ in range(100):
    ask.sendto(b"x", ("10.0.0.9", 9))
    frame = os.read(tap, 2000)
    if frame[12:14] == b"\\x08\\x06":
        print(frame[12:14].hex())
        break
`;

test("a program that opens the tap with virtio headers, like QEMU, causes no drift", async () => {
  const tap = lab.resource("Tap", "guest");
  const args = { name: "tap0", namespace: "red" };
  await tap.up(args);
  const { ifindex } = await show("tap0");
  await lab.run("ip", "netns", "exec", "red", "python3", "-c", OPEN_WITH_HEADERS);
  expect(await show("tap0")).toMatchObject({ linkinfo: { info_data: { vnet_hdr: true } } });
  expect(await tap.refresh()).toEqual([]);
  expect(await tap.up(args)).toBe("same");
  expect((await show("tap0")).ifindex).toBe(ifindex);
});

/** Opens the tap with the flags IFF_TAP, IFF_NO_PI and IFF_VNET_HDR. */
const OPEN_WITH_HEADERS = `
import fcntl, os, struct
fcntl.ioctl(os.open("/dev/net/tun", os.O_RDWR), 0x400454ca, struct.pack("16sH22x", b"tap0", 0x5002))
`;

test.each([
  [{ user: "no such user" }, /^user: "no such user" is not a user of the lab host: a name such as "alice"/],
  [{ group: -1 }, /^group: -1 is not a group of the lab host/],
])("%j is refused before anything is done", async (args, why) => {
  await expect(lab.resource("Tap", "guest").up({ name: "tap0", ...args })).rejects.toThrow(why);
  await expectNothingLeft();
});

test.each([
  [
    "600",
    { user: "alice" },
    /^only root can open \/dev\/net\/tun .*: a program of the user alice .*\n {2}help: chmod 666/,
  ],
  ["600", { group: 100 }, /a program of the group 100 cannot use the device/],
  ["600", { user: "root" }, undefined],
  ["600", {}, undefined],
  ["660", { user: "alice" }, undefined],
  ["666", { user: "alice" }, undefined],
])("a warning says whether the mode %s of the device file excludes the owner %j", async (mode, owner, told) => {
  const file = "/run/device-file";
  await lab.run("sh", "-c", `touch ${file} && chmod ${mode} ${file} && mount --bind ${file} /dev/net/tun`);
  const args = { name: "tap0", up: true, multiQueue: false, vnetHdr: false, ...owner };
  const warning = await kind.warn?.(linux(lab.enter, lab.root), args as never);
  await lab.run("sh", "-c", `umount /dev/net/tun && rm ${file}`);
  if (told === undefined) expect(warning).toBeUndefined();
  else expect(warning).toMatch(told);
});

test("a create with an unknown user fails, and leaves nothing", async () => {
  const device = lab.resource("Tap", "guest").up({ name: "tap0", user: "nobody-of-this-name" });
  await expect(device).rejects.toThrow(/the lab host does not have this user or group/);
  const inSandbox = lab.resource("Tap", "guest").up({ name: "tap0", user: 4711 });
  await expect(inSandbox).rejects.toThrow(/the lab host does not have this user or group/);
  await expectNothingLeft();
});
