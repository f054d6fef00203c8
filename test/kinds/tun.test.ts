import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { show, testLifeOfTunTap } from "../support/tun-tap-life.ts";

labForEachTest("red");

testLifeOfTunTap("Tun", "Tap");

test("a tun carries packets between a program and its namespace", async () => {
  const tun = lab.resource("Tun", "vpn");
  await tun.up({ name: "tun0", namespace: "red", addresses: ["10.8.0.1/24"] });
  expect(await show("tun0")).toMatchObject({ operstate: "DOWN", link_type: "none" });
  const answer = await lab.run("ip", "netns", "exec", "red", "python3", "-c", READ_PACKET);
  expect(answer.trim()).toBe("10.8.0.9");
});

/** Opens the tun, sends a packet into its network, and prints the destination of the first packet of IPv4 that it reads. */
const READ_PACKET = `
import fcntl, os, socket, struct
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", b"tun0", 0x1001))
send = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
while True:
    send.sendto(b"x", ("10.8.0.9", 9))
    packet = os.read(tun, 2000)
    if packet[0] >> 4 == 4:
        print(socket.inet_ntoa(packet[16:20]))
        break
`;
