import { expect, test } from "vitest";
import type { Frame } from "../../picture/geometry.ts";
import { layoutOf } from "../../picture/layout.ts";
import { mermaid } from "../../picture/mermaid.ts";
import { pageData } from "../../picture/page/nodes.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn } from "./samples.ts";
import { sound } from "./sound.ts";

/* Boxes around others: a VRF with its members, and lab hosts with their namespaces. */

const tenants = [
  ...[10, 20].flatMap((table) => [
    drawn("Vrf", `vrf${table}`, { namespace: "leaf", table }),
    drawn("Bridge", `lan${table}`, { namespace: "leaf", master: `vrf${table}`, addresses: ["192.168.0.1/24"] }),
    drawn("Vxlan", `vx${table}`, { namespace: "leaf", master: `lan${table}`, vni: table }),
    drawn("Route", `end${table}`, { namespace: "leaf", destination: "default", type: "unreachable", table }),
    drawn("Veth", `wire${table}`, {
      a: { name: `p${table}`, namespace: "leaf", master: `vrf${table}` },
      b: { name: "eth0", namespace: `h${table}` },
    }),
  ]),
  drawn("Route", "main", { namespace: "leaf", destination: "default", via: "10.0.0.1" }),
];

/** Returns the names of the boxes in each box. */
async function containersOf(resources: Parameters<typeof topologyOf>[0]): Promise<Record<string, string[]>> {
  const { boxes } = await layoutOf(topologyOf(resources));
  return Object.fromEntries(
    boxes.flatMap(({ box }) =>
      box.inner.length === 0 || box.look === "host"
        ? []
        : [[box.subject.name, box.inner.map(({ subject }) => subject.name).sort()]],
    ),
  );
}

test("a VRF is a box around its members, the members of its bridges, its ports and its routes", async () => {
  await sound(tenants);
  expect(await containersOf(tenants)).toEqual({
    leaf: ["vrf10", "vrf20"],
    vrf10: ["lan10", "vx10"],
    vrf20: ["lan20", "vx20"],
  });
  const topology = topologyOf(tenants);
  const [place] = topology.places.filter(({ name }) => name === "leaf");
  expect(place?.lines.map(({ text }) => text)).toEqual(["default via 10.0.0.1"]);
  const vrf = place?.links.find(({ name }) => name === "vrf10");
  expect(vrf?.about.map(({ label, text }) => `${label} ${text}`)).toEqual(["table 10", "route unreachable default"]);
  expect(topology.wires.map(({ name }) => name)).toEqual(["wire10", "wire20", "vx10 in lan10", "vx20 in lan20"]);
  const node = Object.values(pageData(topology, "").nodes).find(({ name }) => name === "vrf10");
  expect(node?.groups.map(({ title, rows }) => [title, ...rows.map(({ label }) => label)])).toEqual([
    ["Settings", "table", "route"],
    ["Members", "lan10", "vx10"],
    ["Ports", "p10"],
  ]);
});

test("in Mermaid, a VRF with members is a subgraph", () => {
  const lines = mermaid(topologyOf(tenants)).split("\n");
  const begin = lines.findIndex((line) => line.includes("subgraph") && line.includes("<b>vrf10</b>"));
  expect(lines[begin]).toMatch(
    /^ {2}subgraph link\d\["<b>vrf10<\/b><br\/>table 10<br\/>route unreachable default<br\/>vrf"\]$/,
  );
  expect(lines[begin + 1]).toMatch(/^ {4}bridge\d\{\{"<b>lan10<\/b>/);
  expect(lines[begin + 2]).toMatch(/^ {4}link\d\(\["<b>vx10<\/b>/);
  expect(lines[begin + 3]).toBe("  end");
});

test("masters that form a cycle, and a VRF in a VRF, are drawn as wires", async () => {
  const circle = [
    drawn("Bridge", "a", { master: "b" }),
    drawn("Bridge", "b", { master: "a" }),
    drawn("Vrf", "v", { table: 1, master: "w" }),
    drawn("Vrf", "w", { table: 2, master: "v" }),
  ];
  await sound(circle);
  expect(topologyOf(circle).wires).toHaveLength(4);
});

const [north, south] = ["lab1", "lab2"].map((host, index) => [
  drawn("Namespace", `r${index}`, { name: `r${index}`, host }),
  drawn("Vxlan", `line${index}`, {
    ...{ name: "line", namespace: `r${index}`, host, underlay: "/", vni: 7 },
    ...{ local: `192.0.2.${index}`, flood: [`192.0.2.${1 - index}`] },
  }),
  drawn("Bridge", `lan${index}`, { name: "lan", host }),
]) as [ReturnType<typeof drawn>[], ReturnType<typeof drawn>[]];

test("with several lab hosts, each is a box around its places, and a dashed wire connects places of two", async () => {
  const star = Array.from({ length: 8 }, (_, index) =>
    drawn("Veth", `wire${index}`, {
      host: "lab2",
      a: { name: "eth0", namespace: `h${index}` },
      b: { name: `p${index}`, master: "lan" },
    }),
  );
  const lab = [...north, ...south, ...star];
  await sound(lab);
  expect(await containersOf(lab)).toMatchObject({ lab1: ["lab1", "lab1/r0"] });
  const { machines, wires } = topologyOf(lab);
  expect(machines.map(({ name }) => name)).toEqual(["lab1", "lab2"]);
  expect(wires.filter(({ isTunnel }) => isTunnel)).toMatchObject([{ name: "tunnel line to line" }]);
  const { boxes } = await layoutOf(topologyOf(lab));
  const frame = (name: string) => boxes.find(({ box: { look, subject } }) => look !== "host" && subject.name === name)!;
  const holds = (outer: Frame, inner: Frame) =>
    outer.x < inner.x && inner.x + inner.width < outer.x + outer.width && outer.y < inner.y;
  for (const name of ["lab2/h0", "lab2/h7", "lab2/r1"]) expect(holds(frame("lab2"), frame(name)), name).toBe(true);
  expect(mermaid(topologyOf(lab))).toMatch(/subgraph host1\["<b>lab2<\/b>"\]\n {4}place\d/);
});

test("a single lab host has no box", () => {
  expect(topologyOf(north).machines).toEqual([]);
});

test("an unreachable lab host is marked", () => {
  const { machines } = topologyOf([...north, ...south.map((one) => ({ ...one, mark: "unknown" as const }))]);
  expect(machines.map(({ name, mark }) => [name, mark])).toEqual([
    ["lab1", undefined],
    ["lab2", "unknown"],
  ]);
});
