import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { mermaid } from "../../picture/mermaid.ts";
import { pageData } from "../../picture/page/nodes.ts";
import { svg, tally } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn } from "./samples.ts";
import { sound } from "./sound.ts";

vi.mock("../../lab/kinds.ts", async (original) => {
  const { KINDS } = await original<typeof import("../../lab/kinds.ts")>();
  const { MADE_UP } = await import("../lab/made-up.ts");
  return { KINDS: { ...KINDS, ...MADE_UP } };
});

const slice = drawn("Slice", "child", {
  ...{ name: "s0", namespace: "blue", link: "eth0", linkNamespace: "red", mode: "bridge", mtu: 1400 },
  addresses: ["10.0.0.9/24"],
});
const lab = [
  drawn("Namespace", "red", { name: "red" }),
  drawn("Bridge", "lan", { name: "lan", addresses: ["10.0.0.1/24"] }),
  drawn("Veth", "wire", { a: { name: "eth0", namespace: "red" }, b: { name: "to-red", master: "lan" } }),
  slice,
  drawn("Tunnel", "tunnel", { name: "t0", dev: "lan", vni: 42, master: "lan" }),
  drawn("Tagged", "vlan", { name: "eth9.7", link: "eth9", vid: 7 }, { mark: "added" }),
];

test("a link without its own symbol is a box with the name of its kind, with a wire to its parent and its master", async () => {
  const topology = topologyOf(lab);
  await sound(lab);
  const page = pageData(topology, "as it is");
  const nodes = Object.values(page.nodes).map(({ name, kind }) => `${name}: ${kind}`);
  expect(nodes).toEqual(
    expect.arrayContaining(["s0: interface, slice", "t0: interface, tunnel", "eth9.7: interface, tagged"]),
  );
  const names = (key: string) => page.wires[key]?.map((node) => page.nodes[node]?.name);
  expect(topology.wires.map(({ key, name }) => [name, names(key)])).toEqual([
    ["wire", ["eth0", "lan"]],
    ["s0 on eth0", ["eth0", "s0"]],
    ["t0 on lan", ["lan", "t0"]],
    ["t0 in lan", ["lan", "t0"]],
  ]);
  const picture = await svg(topology, "lab");
  for (const text of ["slice", "mode bridge", "10.0.0.9/24", "vni 42", "+ vid 7", "+ on eth9"]) {
    expect(picture).toContain(`>${text}</text>`);
  }
  expect(picture).toContain("1 tunnel (t0), 1 tagged (eth9.7), 1 slice (s0), 1 veth pair.");
  expect([...tally(topology)]).toEqual([["added", 1]]);
});

test("the panel of a link shows its settings, and has buttons to its parent and its children", () => {
  const { nodes } = pageData(topologyOf(lab), "as it is");
  const rows = (name: string) =>
    Object.values(nodes)
      .find((node) => node.name === name)
      ?.groups.map(({ title, rows }) => [title, ...rows.map(({ label, go }) => `${label} → ${go?.name}`)]);
  expect(rows("s0")).toEqual([
    ["Addresses", "child → undefined"],
    ["Settings", "mode → undefined", "mtu → undefined"],
    ["Links", "eth0 → eth0"],
  ]);
  expect(rows("lan")).toEqual([
    ["Addresses", "lan → undefined"],
    ["Ports", "to-red → eth0"],
    ["Links", "t0 → t0", "t0 → t0"],
  ]);
});

test("in Mermaid, a link is a node with edges to its place, parent and master", () => {
  const text = mermaid(topologyOf(lab)).split("\n");
  const idOf = (name: string) =>
    /^ {2}(\w+)[[({]/.exec(text.find((line) => line.includes(`<b>${name}</b>`)) ?? "")?.[1];
  expect(text).toContain(`  ${idOf("s0")}(["<b>s0</b><br/>10.0.0.9/24<br/>mode bridge<br/>slice"])`);
  for (const edge of [
    `${idOf("s0")} -.- ${idOf("blue")}`,
    `${idOf("red")} ---|"eth0"| ${idOf("s0")}`,
    `${idOf("lan")} ---|"lan"| ${idOf("t0")}`,
  ]) {
    expect(text).toContain(`  ${edge}`);
  }
});

test("boxes do not overlap and wires are straight, for any parents of links", async () => {
  const place = fc.constantFrom<(string | undefined)[]>("a", "b", undefined);
  const name = fc.constantFrom("x0", "x1", "x2", "x3", "br");
  const kind = fc.constantFrom("Alone", "Slice", "Tagged", "Tunnel", "Bundle", "Bridge", "Veth");
  const one = fc.record({ kind, at: place, link: name, parentAt: place, master: fc.option(name) });
  await fc.assert(
    fc.asyncProperty(fc.array(one, { maxLength: 7 }), async (links) => {
      await sound(
        links.map(({ kind, at, link, parentAt, master }, index) => {
          const args = {
            name: index === 0 ? "br" : `x${index - 1}`,
            ...(at !== undefined && { namespace: at }),
            ...{ link, dev: link, vid: 7 },
            ...(parentAt !== undefined && { linkNamespace: parentAt }),
            ...(master !== null && { master }),
          };
          const other = { name: `y${index}`, ...(parentAt !== undefined && { namespace: parentAt }) };
          return drawn(kind, `n${index}`, kind === "Veth" ? { a: args, b: other } : args);
        }),
      );
    }),
    { numRuns: 100 },
  );
});
