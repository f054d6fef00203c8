import { expect, test } from "vitest";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

/* A route, a next hop and a neighbour have no marks: only the protocol distinguishes them from equal ones of others. */

labForEachTest();

const at = { namespace: "red" };
const mac = "02:00:00:00:00:09";

test.each([
  [
    "Route",
    { ...at, destination: "10.7.0.0/16", via: "192.168.15.5" },
    "route",
    "10.7.0.0/16 via 192.168.15.5",
    "boot",
  ],
  ["Route", { ...at, destination: "fd07::/64", interface: "eth0" }, "-6 route", "fd07::/64 dev eth0", "boot"],
  [
    "Nexthop",
    { ...at, nhid: 7, via: "192.168.15.5", interface: "eth0" },
    "nexthop",
    "id 7 via 192.168.15.5 dev eth0",
    "unspec",
  ],
  [
    "Neighbor",
    { ...at, interface: "eth0", address: "192.168.15.9", lladdr: mac },
    "neigh",
    `192.168.15.9 lladdr ${mac} dev eth0`,
    "unspec",
  ],
])(
  "a %s that was replaced by an equal one by hand is drift, and a delete after the next up leaves nothing: %j",
  async (type, args, object, words, protocol) => {
    await wireRed("192.168.15.1/24");
    const [ip, run] = ["ip -n red".split(" "), (line: string) => lab.run(...([...ip, ...line.split(" ")] as ["ip"]))];
    const it = lab.resource(type, "it");
    await it.up(args);
    // A neighbour that is replaced keeps its protocol.
    if (type === "Neighbor") await run(`${object} delete ${words}`);
    await run(`${object} replace ${words}`);
    expect(await it.refresh()).toEqual(["protocol"]);
    expect(await it.refresh()).toEqual([]);
    expect(it.outputs["protocol"]).toBe(protocol);
    expect(await it.up(args)).toBe("update");
    expect(await it.refresh()).toEqual([]);
    expect(it.outputs["protocol"]).toBe(undefined);
    await it.destroy();
    expect(await run(`${object} show`)).not.toContain(words.split(" dev")[0]);
  },
);
