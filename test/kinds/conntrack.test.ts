import { beforeEach, expect, test, vi } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("gw", "a", "b", "c");

// A gateway with two servers behind it, which a client reaches by the gateway's address.
beforeEach(async () => {
  const cable = (name: string, own: string, gateway: string) =>
    lab.resource("Veth", name).up({
      a: { name: "eth0", namespace: name, addresses: [`${own}/24`], gateways: [gateway] },
      b: { name, namespace: "gw", addresses: [`${gateway}/24`] },
    });
  await cable("a", "10.0.1.2", "10.0.1.1");
  await cable("b", "10.0.2.2", "10.0.2.1");
  await cable("c", "192.0.2.9", "192.0.2.1");
  await within("gw", "sysctl", "-qw", "net.ipv4.ip_forward=1");
});

const within = (namespace: string, ...words: string[]) => lab.run("ip", "netns", "exec", namespace, ...words);

/** Sends a packet from the client to a port of the gateway, always from the same port, as one name server asks another. */
const ask = (port: number) => within("c", process.execPath, "-e", ASK, String(port));
const ASK = `
const socket = require("node:dgram").createSocket("udp4");
socket.bind(4000, () => socket.send("?", Number(process.argv[1]), "192.0.2.1", () => socket.close()));`;

/** Returns the flows of the gateway by destination port: the address that answers, and the id of the flow. */
async function flows(): Promise<Record<string, string>> {
  const said = await within("gw", "conntrack", "--dump", "--proto", "udp", "--output", "id");
  return Object.fromEntries(
    said.split("\n").flatMap((line) => {
      const [, port = "", answers = ""] = /dport=(\d+) .*\bsrc=(\S+) /.exec(line) ?? [];
      return port === "" ? [] : [[port, `${answers} ${/id=(\d+)$/.exec(line.trim())?.[1]}`]];
    }),
  );
}

const DNS = { namespace: "gw", type: "dnat", destination: "192.0.2.1", protocol: "udp", destinationPort: 53 };
const TO_A = { ...DNS, toAddress: "10.0.1.2" };
const TO_B = { ...DNS, toAddress: "10.0.2.2" };

test("an update or a delete of a DNAT rule ends the flows that it translated, and no others", async () => {
  const [dns, other] = [lab.resource("NatRule", "dns"), lab.resource("NatRule", "other")];
  await dns.up(TO_A);
  await other.up({ ...TO_A, destinationPort: 55 });
  for (const port of [53, 54, 55]) await ask(port);
  const before = await flows();
  expect(before).toMatchObject({
    53: expect.stringMatching(/^10\.0\.1\.2 /),
    54: expect.stringMatching(/^192\.0\.2\.1 /),
    55: expect.stringMatching(/^10\.0\.1\.2 /),
  });
  const { 53: _, ...theOthers } = before;

  expect(await dns.up(TO_B)).toBe("update");
  expect(await flows()).toEqual(theOthers);
  await ask(53);
  expect(await flows()).toEqual({ ...theOthers, 53: expect.stringMatching(/^10\.0\.2\.2 /) });

  await dns.destroy();
  expect(await flows()).toEqual(theOthers);
  await ask(53);
  expect(await flows()).toEqual({ ...theOthers, 53: expect.stringMatching(/^192\.0\.2\.1 /) });
});

test("a delete of a masquerade rule ends the flows that it translated, and no others", async () => {
  const out = lab.resource("NatRule", "out");
  await out.up({ namespace: "gw", type: "masquerade", source: "10.0.1.0/24", outInterface: "c" });
  await within("a", process.execPath, "-e", ASK.replace("192.0.2.1", "192.0.2.9"), "53");
  await ask(54);
  expect(await within("gw", "conntrack", "--dump", "--src-nat")).toMatch(/src=10\.0\.1\.2 dst=192\.0\.2\.9 /);
  await out.destroy();
  expect(await within("gw", "conntrack", "--dump", "--src-nat")).toBe("");
  expect(Object.keys(await flows())).toEqual(["54"]);
});

test("packets leave with an address of the pool, unless a rule excludes them", async () => {
  const out = { namespace: "gw", type: "snat", source: "10.0.1.0/24" };
  const direct = lab.resource("NatRule", "direct");
  await direct.up({ ...out, destination: "10.0.2.0/24", exclude: true });
  await lab.resource("NatRule", "pool").up({ ...out, toAddress: "192.0.2.17-192.0.2.18", persistent: true });
  const send = (to: string, port: string) => within("a", process.execPath, "-e", ASK.replace("192.0.2.1", to), port);
  await send("192.0.2.9", "53");
  await send("10.0.2.2", "53");
  expect(await within("gw", "conntrack", "--dump", "--orig-dst", "192.0.2.9")).toMatch(/ dst=192\.0\.2\.1[78] /);
  expect(await within("gw", "conntrack", "--dump", "--orig-dst", "10.0.2.2")).toMatch(
    /src=10\.0\.2\.2 dst=10\.0\.1\.2 /,
  );
  await direct.destroy();
  await within("gw", "conntrack", "--delete", "--orig-dst", "10.0.2.2");
  await send("10.0.2.2", "53");
  expect(await within("gw", "conntrack", "--dump", "--orig-dst", "10.0.2.2")).toMatch(/ dst=192\.0\.2\.1[78] /);
});

test("an up without changes ends no flow", async () => {
  const dns = lab.resource("NatRule", "dns");
  await dns.up(TO_A);
  await ask(53);
  const before = await flows();
  expect(await dns.up({ ...TO_A, destination: "192.0.2.1/32" })).toBe("same");
  expect(await dns.refresh()).toEqual([]);
  expect(await flows()).toEqual(before);
});

test("without conntrack, an update warns that existing flows keep their translation", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  try {
    const dns = lab.nextRun().resource("NatRule", "dns");
    await dns.up(TO_A);
    await ask(53);
    const before = await flows();
    const program = await lab.run("sh", "-c", 'PATH="$PATH:/usr/sbin:/sbin" command -v conntrack');
    await lab.run("mount", "--bind", "/dev/null", program);
    expect(await dns.up(TO_B)).toBe("update");
    await dns.destroy();
    await lab.run("umount", program);
    expect(await flows()).toEqual(before);
    expect(warn.mock.calls).toEqual([
      [
        expect.stringMatching(
          /^existing flows in namespace gw keep the translation .*\n {2}help: install .* conntrack/,
        ),
      ],
    ]);
  } finally {
    warn.mockRestore();
  }
});
