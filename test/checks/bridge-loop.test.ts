import fc from "fast-check";
import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, one, veth } from "./pieces.ts";

/** A cable between the ports of two bridges, whose names are the two letters of `pair`. */
const join = (pair: string, more: object = {}) =>
  veth({ name: `${pair}-a`, master: pair[0], ...more }, { name: `${pair}-b`, master: pair[1] });

const bridges = (names: string, more: object = {}) => [...names].map((name) => bridge(name, more));

const cases: Case[] = [
  ["two bridges and a cable", [bridges("xy"), join("xy")], []],
  ["two cables between two bridges", [bridges("xy"), join("xy"), join("yx")], ["bridge-loop"]],
  ["a ring of three bridges", [bridges("xyz"), join("xy"), join("yz"), join("zx")], ["bridge-loop"]],
  ["a cable from a bridge to itself", [bridges("x"), join("xx")], ["bridge-loop"]],
  ["a row of four bridges", [bridges("wxyz"), join("wx"), join("xy"), join("yz")], []],
  [
    "two bridges with the spanning tree protocol",
    [bridges("xy", { stp: true, forwardDelay: 2 }), join("xy"), join("yx")],
    [],
  ],
  [
    "a ring of three bridges, one of them with the spanning tree protocol",
    [bridges("xy"), bridge("z", { stp: true, forwardDelay: 2 }), join("xy"), join("yz"), join("zx")],
    [],
  ],
  [
    "a ring of two bridges beside one with the spanning tree protocol",
    [bridges("xy"), bridge("z", { stp: true, forwardDelay: 2 }), join("xy"), join("yx"), join("yz")],
    ["bridge-loop"],
  ],
  [
    "bridges with VLAN filtering, where VLANs may separate the ports",
    [bridges("xy", { vlanFiltering: true }), join("xy"), join("yx")],
    [],
  ],
  ["a cable that is down", [bridges("xy"), join("xy"), join("yx", { up: false })], []],
  ["a bridge that is down", [bridges("x"), bridge("y", { up: false }), join("xy"), join("yx")], []],
  [
    "bridges of the same name in two namespaces",
    [bridges("xy"), join("xy"), join("xy", { namespace: "n" })],
    ["unknown-master"],
  ],
  ["bridges that the program does not create", [join("xy"), join("yx")], ["unknown-master", "unknown-master"]],
  ["an unknown spanning tree setting", [bridges("x"), bridge("y", { stp: null }), join("xy"), join("yx")], []],
  ["an unknown state of a cable", [bridges("xy"), join("xy"), join("yx", { up: null })], []],
  ["an unknown bridge of a port", [bridges("xy"), join("xy"), join("yx", { master: null })], []],
];

/** A bridge on each of several lab hosts, with tunnels between them: `{ 1: "23" }` is a tunnel from lab1 to lab2 and lab3. */
const spread = (name: string, reaches: Readonly<Record<string, string>>, more: object = {}) =>
  Object.entries(reaches).flatMap(([own, others]) => [
    bridge(name, { host: `lab${own}`, mtu: 1450, ...more }),
    one("Vxlan", {
      ...{ name: `${name}-vx`, host: `lab${own}`, master: name, vni: name.charCodeAt(0), dstport: 14_789, mtu: 1450 },
      ...{ local: `192.0.2.${own}`, flood: [...others].map((other) => `192.0.2.${other}`) },
    }),
  ]);

/** The two ends of a tunnel between two lab hosts, as ports of their bridges. */
const tunnelBetween = (master: string, pair: string, vni: number) =>
  [pair, [...pair].toReversed().join("")].map(([own, far]) =>
    one("Vxlan", {
      ...{ name: `vx${vni}`, host: `lab${own}`, master, vni, dstport: 14_789, mtu: 1450 },
      ...{ local: `192.0.2.${own}`, remote: `192.0.2.${far}` },
    }),
  );

/** A cable between two bridges of a lab host. */
const onHost = (host: string, pair: string) => {
  const [a, b] = [...pair].map((master) => ({ name: `${pair}-${master}`, master, mtu: 1450 }));
  return one("Veth", { a, b, host });
};

const [TWO, THREE] = [
  { 1: "2", 2: "1" },
  { 1: "23", 2: "13", 3: "12" },
];

each([
  ["a LAN across three hosts", [spread("x", THREE)], []],
  ["two LANs across two hosts, joined on one of them", [spread("x", TWO), spread("y", TWO), onHost("lab1", "xy")], []],
  [
    "two LANs across two hosts, joined on both of them",
    [spread("x", TWO), spread("y", TWO), onHost("lab1", "xy"), onHost("lab2", "xy")],
    ["bridge-loop"],
  ],
  [
    "two LANs across three hosts, joined on all of them",
    [spread("x", THREE), spread("y", THREE), ...["lab1", "lab2", "lab3"].map((host) => onHost(host, "xy"))],
    ["bridge-loop", "bridge-loop"],
  ],
  [
    "two LANs across two hosts, joined on both of them, one of them with the spanning tree protocol",
    [spread("x", TWO, { stp: true, forwardDelay: 2 }), spread("y", TWO), onHost("lab1", "xy"), onHost("lab2", "xy")],
    [],
  ],
  [
    "two LANs across two hosts, joined on both of them, one of them without a connection",
    [spread("x", TWO), spread("y", { 1: "2", 2: "3" }), onHost("lab1", "xy"), onHost("lab2", "xy")],
    [],
  ],
  [
    "tunnels from one lab host to two others without a tunnel between them, so that no frame returns",
    [
      spread("x", { 1: "23", 2: "1", 3: "1" }),
      spread("y", { 2: "3", 3: "2" }),
      onHost("lab2", "xy"),
      onHost("lab3", "xy"),
    ],
    [],
  ],
  [
    "a partial mesh that is joined with a complete one on two lab hosts that have a tunnel between them",
    [spread("x", { 1: "23", 2: "1", 3: "1" }), spread("y", THREE), onHost("lab1", "xy"), onHost("lab2", "xy")],
    ["bridge-loop"],
  ],
  [
    "two partial meshes of the same lab hosts, joined on those without a tunnel between them",
    [
      spread("x", { 1: "23", 2: "1", 3: "1" }),
      spread("y", { 1: "23", 2: "1", 3: "1" }),
      onHost("lab2", "xy"),
      onHost("lab3", "xy"),
    ],
    [],
  ],
  [
    "a ring of tunnels, one between each two lab hosts, on three bridges",
    [
      ...["lab1", "lab2", "lab3"].map((host) => bridge("x", { host, mtu: 1450 })),
      ...["12", "23", "31"].flatMap((pair, index) => tunnelBetween("x", pair, index + 1)),
    ],
    ["bridge-loop"],
  ],
  [
    "two tunnels between the same two bridges",
    [
      ...["lab1", "lab2"].map((host) => bridge("x", { host, mtu: 1450 })),
      ...[1, 2].flatMap((vni) => tunnelBetween("x", "12", vni)),
    ],
    ["bridge-loop"],
  ],
]);

each(cases);

test("the message names the cable and the loop", () => {
  const [found] = runChecks([...bridges("xyz"), join("xy"), join("yz"), join("zx")]);
  expect(found?.message).toMatch(
    /^Veth n\d+ closes a loop of the bridges z, y, x without the spanning tree protocol: a broadcast circulates forever/,
  );
  expect(found?.help).toBe("set stp to true on one of them, or remove a veth pair or a tunnel");
});

test("each cable that closes a ring is reported, and no other", () => {
  const NAMES = "uvwxyz";
  const cables = fc.array(fc.tuple(fc.constantFrom(...NAMES), fc.constantFrom(...NAMES)), { maxLength: 12 });
  fc.assert(
    fc.property(cables, fc.subarray([...NAMES]), (pairs, speakers) => {
      const made = [...NAMES].map((name) => bridge(name, { stp: speakers.includes(name), forwardDelay: 2 }));
      const joins = pairs.map((pair, index) => join(`${pair.join("")}${index}`));
      const found = runChecks([...made, ...joins]);
      expect(found.map(({ check }) => check)).toEqual(found.map(() => "bridge-loop"));
      // The number of reported cables is the number of all, less the edges of a spanning tree of each part.
      const flooding = [...NAMES].filter((name) => !speakers.includes(name));
      const between = pairs.filter((pair) => pair.every((name) => flooding.includes(name)));
      expect(found.length).toBe(between.length - flooding.length + parts(flooding, between));
      const closing = new Set(found.map(({ about }) => about));
      expect(runChecks([...made, ...joins.filter((one) => !closing.has(one))])).toEqual([]);
    }),
  );
});

/** Returns the number of connected parts of a graph. */
function parts(nodes: readonly string[], edges: readonly (readonly [string, string])[]): number {
  const left = new Set(nodes);
  let count = 0;
  for (const start of nodes) {
    if (!left.has(start)) continue;
    count += 1;
    const queue = [start];
    for (const node of queue) {
      if (!left.delete(node)) continue;
      for (const edge of edges) if (edge.includes(node)) queue.push(...edge);
    }
  }
  return count;
}
