import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutOf } from "../../picture/layout.ts";
import { layoutOver } from "../../picture/layout-over.ts";
import { mermaid } from "../../picture/mermaid.ts";
import type { Topology } from "../../picture/topology.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { UNKNOWN } from "../../provider/schema.ts";
import { Host, Link, Namespace, Router } from "../../sdk/index.ts";
import { resourcesOf } from "./program.ts";
import { drawn, fabric } from "./samples.ts";
import { sound } from "./sound.ts";

const place = (name: string, layer?: unknown, more = {}) =>
  drawn("Namespace", name, { name, ...(layer !== undefined && { layer }) }, more);
const cable = (one: string, other: string) =>
  drawn("Veth", `${one}-${other}`, { a: { name: other, namespace: one }, b: { name: one, namespace: other } });

/** A provider, a border router, a core, and a server with two cables. */
const edge = (layers: Readonly<Record<string, unknown>>) => [
  ...["isp", "border", "core", "other", "server"].map((name) => place(name, layers[name])),
  ...[cable("isp", "border"), cable("border", "core"), cable("border", "other")],
  ...[cable("core", "server"), cable("other", "server")],
];

/** Returns the names of the places of a picture, row by row from the top. */
async function rowsOf(topology: Topology): Promise<string[][]> {
  const { boxes } = await layoutOf(topology);
  const rows = Map.groupBy(boxes, ({ y }) => Math.round(y / 40));
  const sorted = [...rows].toSorted(([one], [other]) => one - other);
  return sorted.map(([, row]) => row.map(({ box }) => box.subject.name).sort());
}

test("a provider at the top and a server at the bottom need two layers, and the others follow", async () => {
  const rows = [["isp"], ["border"], ["core", "other"], ["server"]];
  expect(await rowsOf(topologyOf(edge({})))).not.toEqual(rows);
  expect(await rowsOf(topologyOf(edge({ isp: 4, server: 0 })))).toEqual(rows);
});

test("the layers of all places turn a fabric upside down", async () => {
  const turned = fabric(3).map((resource) => {
    const { type, name, inputs } = resource;
    const layer = name.startsWith("spine") ? 0 : name.startsWith("leaf") ? 1 : 2;
    return type === "Namespace" ? { ...resource, inputs: { ...inputs, layer } } : resource;
  });
  const hosts = ["h1", "h2", "h3", "h4", "h5", "h6"];
  expect(await rowsOf(topologyOf(turned))).toEqual([hosts, ["leaf1", "leaf2", "leaf3"], ["spine1", "spine2"]]);
});

test("a program gives layers to namespaces, hosts and routers", async () => {
  const resources = await resourcesOf("layers", () => {
    const [low, high] = [new Router("low", { layer: 0 }), new Host("high", { layer: 3 })];
    new Link("wire", { a: low, b: high, networks: ["10.0.0.0/30"] });
    new Namespace("alone", { layer: 99 });
    new Namespace("other");
  });
  const topology = topologyOf(resources);
  expect(topology.places.map(({ name, layer }) => [name, layer])).toEqual([
    ["alone", 99],
    ["high", 3],
    ["low", 0],
    ["other", undefined],
  ]);
  const rows = await rowsOf(topology);
  expect(rows.findIndex((row) => row.includes("high"))).toBeLessThan(rows.findIndex((row) => row.includes("low")));
});

test("layers are counted from a namespace with the layer 0, also in a row and beside the lab host", async () => {
  const row = ["a", "b", "c", "d"];
  const wires = [cable("a", "b"), cable("b", "c"), cable("c", "d")];
  const fromFirst = [...row.map((name) => place(name, name === "a" ? 0 : undefined)), ...wires];
  expect(await rowsOf(topologyOf(fromFirst))).toEqual([["d"], ["c"], ["b"], ["a"]]);
  const uplink = drawn("Veth", "uplink", { a: { name: "up", namespace: "b" }, b: { name: "down" } });
  expect(await rowsOf(topologyOf([...fromFirst, uplink]))).toEqual([["d"], ["c"], ["b"], ["a", "lab host"]]);
});

test("an unknown layer counts as no layer", async () => {
  expect(await rowsOf(topologyOf(edge({ isp: UNKNOWN, server: "[secret]" })))).toEqual(
    await rowsOf(topologyOf(edge({}))),
  );
});

test("of two places that a cable joins, the one with the higher layer is above, in the picture and in Mermaid", async () => {
  const names = ["a", "b", "c", "d", "e"] as const;
  const layers = fc.record(Object.fromEntries(names.map((name) => [name, fc.nat(4)])), { requiredKeys: [] });
  const pair = fc.tuple(fc.constantFrom(...names), fc.constantFrom(...names)).filter(([one, other]) => one < other);
  await fc.assert(
    fc.asyncProperty(
      layers,
      fc.uniqueArray(pair, { minLength: 1, maxLength: 8, selector: ([one, other]) => one + other }),
      async (given: Readonly<Record<string, number | undefined>>, pairs) => {
        const lab = [...names.map((name) => place(name, given[name])), ...pairs.map((ends) => cable(...ends))];
        await sound(lab);
        const topology = topologyOf(lab);
        const { boxes } = await layoutOf(topology);
        const top = new Map(boxes.map(({ box, y }) => [box.subject.name, y]));
        const text = mermaid(topology);
        for (const [one, other] of pairs) {
          const [from = 0, to = 0] = [given[one], given[other]];
          if (given[one] === undefined || given[other] === undefined || from === to) continue;
          const [upper, lower] = from > to ? [one, other] : [other, one];
          const edgeText = `place${names.indexOf(upper)} ---|"${lower}<br/>${upper}"| place${names.indexOf(lower)}`;
          expect(text).toContain(edgeText);
          expect(top.get(upper)).toBeLessThan(top.get(lower) ?? 0);
        }
      },
    ),
    { numRuns: 40 },
  );
});

test("the namespaces that a preview adds are drawn in their layers", async () => {
  const added = { mark: "added" } as const;
  const before = topologyOf([place("a"), place("b"), cable("a", "b")]);
  const after = topologyOf([
    ...[place("a"), place("b"), cable("a", "b")],
    ...[place("top", 9, added), place("low", 0, added), { ...cable("low", "top"), ...added }],
  ]);
  const { boxes } = await layoutOver(before, after);
  const y = (name: string) => boxes.find(({ box }) => box.subject.name === name)?.y ?? 0;
  expect(y("top")).toBeLessThan(y("low"));
});
