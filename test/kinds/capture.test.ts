// @kernel vlan, bond, tunnel, vrf
import { expect, test } from "vitest";
import { setgroupsFilter } from "../../cli/setgroups-filter.ts";
import { captureWords } from "../../cli/tcpdump.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red", "blue");

/** Connects eth0, eth1 and so on of red and blue. */
const wire = (number: number, left: object = {}, right: object = {}) =>
  lab.resource("Veth", `wire${number}`).up({
    a: { name: `eth${number}`, namespace: "red", ...left },
    b: { name: `eth${number}`, namespace: "blue", ...right },
  });

/** Creates a link in both namespaces, each end with its address in a network. */
async function bothEnds(type: string, name: string, network: number, args: (own: number, other: number) => object) {
  for (const [namespace, own, other] of [
    ["red", 1, 2],
    ["blue", 2, 1],
  ] as const) {
    const addresses = [`10.${network}.0.${own}/24`];
    await lab.resource(type, `${name}-${namespace}`).up({ name, namespace, addresses, ...args(own, other) });
  }
}

// A capture shows the packets of the link itself, not those of the link below it.
test("a VLAN, a bond, a tunnel and a VRF show their packets in a capture", async () => {
  await wire(0, { addresses: ["10.0.0.1/24"] }, { addresses: ["10.0.0.2/24"] });
  await bothEnds("Vlan", "v10", 1, (own) => ({ linkNamespace: own === 1 ? "red" : "blue", link: "eth0", vid: 10 }));
  await bothEnds("Tunnel", "tun1", 2, (own, other) => ({
    mode: "ipip",
    local: `10.0.0.${own}`,
    remote: `10.0.0.${other}`,
  }));
  await lab.resource("Bond", "bond").up({
    ...{ name: "bond0", namespace: "red", mode: "active-backup", addresses: ["10.3.0.1/24"] },
  });
  await wire(1, { master: "bond0" }, { addresses: ["10.3.0.2/24"] });
  await lab.resource("Vrf", "tenant").up({ name: "vrf0", namespace: "red", table: 10 });
  await wire(2, { master: "vrf0", addresses: ["10.4.0.1/24"] }, { addresses: ["10.4.0.2/24"] });

  for (const [link, network, ...more] of [
    ["v10", 1],
    ["tun1", 2],
    ["bond0", 3],
    ["vrf0", 4, "-I", "vrf0"],
  ] as const) {
    const inRed = ["netns", "exec", "red"];
    const tcpdump = [
      ...(setgroupsFilter() ?? []),
      "tcpdump",
      "-Z",
      "root",
      ...captureWords(link, { count: 2 }),
      "icmp",
    ];
    const progress = { isOver: false };
    const capture = lab.try("ip", ...inRed, ...tcpdump).finally(() => (progress.isOver = true));
    while (!progress.isOver) await lab.try("ip", ...inRed, "ping", "-c1", "-W1", ...more, `10.${network}.0.2`);
    const shown = await capture;
    expect([link, shown.code, shown.stdout]).toEqual([
      link,
      0,
      expect.stringMatching(`IP 10.${network}.0.1 > 10.${network}.0.2: ICMP echo request`),
    ]);
  }
});
