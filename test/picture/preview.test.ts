import fc from "fast-check";
import { expect, test } from "vitest";
import type { Drawn } from "../../picture/drawn.ts";
import type { Layout } from "../../picture/geometry.ts";
import { layoutOf } from "../../picture/layout.ts";
import { layoutOver } from "../../picture/layout-over.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn, fabric, star } from "./samples.ts";

/* A preview keeps the coordinates of the picture before the change. */

/** Returns the coordinates of all boxes, ports and wires, as text by their keys; of one that is drawn twice, the first. */
function coordinates({ boxes, ports, cables }: Layout): ReadonlyMap<string, string> {
  return new Map(
    [
      ...boxes.map(({ box, x, y, width, height, head }) => [`box ${box.key}`, [x, y, width, height, head]] as const),
      ...ports.map(({ key, owner, x, y, label }) => [`port ${owner} ${key}`, [x, y, label.x, label.y]] as const),
      ...cables.map(({ wire, points }) => [`wire ${wire.key}`, points.flatMap(({ x, y }) => [x, y])] as const),
    ]
      .map(([key, numbers]) => [key, numbers.join(" ")] as const)
      .reverse(),
  );
}

/** Expects that all parts of a picture have the same coordinates after a change, and that all parts of the change are drawn. */
async function keeps(before: readonly Drawn[], after: readonly Drawn[]): Promise<void> {
  const [old, next] = [topologyOf(before), topologyOf(after)];
  const laid = await layoutOver(old, next);
  const [was, is] = [coordinates(await layoutOf(old)), coordinates(laid)];
  for (const [key, at] of was) expect(is.get(key), key).toBe(at);
  for (const { key } of (await layoutOf(next)).boxes.map(({ box }) => box))
    expect(is.has(`box ${key}`), key).toBe(true);
  const picture = await svg(next, "", old);
  for (const { text, mark } of next.places.flatMap(({ lines }) => lines))
    if (mark === "added") expect(picture).toContain(`+ ${text}`);
  for (const { key } of next.wires) expect(picture).toContain(`data-wire="${key.replaceAll(/"/g, "")}"`);
}

const place = fc.constantFrom<(string | undefined)[]>("a", "b", "c", undefined);
const end = fc.record({ namespace: place, bridged: fc.boolean() });
const fate = fc.constantFrom("stays", "added", "removed", "moved");
const wire = fc.record({ a: end, b: end, to: end, fate });
const route = fc.record({ at: place, fate, long: fc.boolean() });

test("after any additions, removals and moves, all other parts have the same coordinates", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(wire, { maxLength: 6 }),
      fc.uniqueArray(place),
      fc.array(route, { maxLength: 5 }),
      async (wires, bridges, routes) => {
        const side = (name: string, { namespace, bridged }: { namespace: string | undefined; bridged: boolean }) => ({
          ...{ name, ...(namespace !== undefined && { namespace }) },
          ...(bridged && bridges.includes(namespace) && { master: "br" }),
        });
        const all = [
          ...bridges.map((at) => {
            const made = drawn("Bridge", `br-${at}`, { name: "br", ...(at !== undefined && { namespace: at }) });
            return { fate: "stays", was: made, is: made };
          }),
          ...wires.map(({ a, b, to, fate: what }, index) => {
            const pair = (first: typeof a) =>
              drawn("Veth", `w${index}`, { a: side(`x${index}`, first), b: side(`y${index}`, b) });
            return { fate: what, was: pair(a), is: pair(what === "moved" ? to : a) };
          }),
          ...routes.map(({ at, fate: what, long }, index) => {
            const made = (via: string) =>
              drawn("Route", `r${index}`, {
                ...{ destination: `10.${index}.0.0/16`, via },
                ...(at !== undefined && { namespace: at }),
              });
            return { fate: what, was: made("10.0.0.1"), is: made(long ? "fd00:1234:5678::1" : "10.0.0.2") };
          }),
        ];
        const before = all.flatMap(({ fate: what, was }) => (what === "added" ? [] : [was]));
        const MARKS = { added: "added", removed: "removed", moved: "changed" } as const;
        const after = all.map(({ fate: what, was, is }): Drawn => {
          if (what === "stays") return was;
          const mark = MARKS[what as keyof typeof MARKS];
          return { ...(what === "moved" ? is : was), mark };
        });
        await keeps(before, after);
      },
    ),
    { numRuns: 20 },
  );
});

test("a leaf that is added to a fabric is drawn below it, with the spines that it is connected to", async () => {
  const [before, all] = [fabric(2), fabric(3)];
  const known = new Set(before.map(({ name }) => name));
  const after = all.map((one): Drawn => (known.has(one.name) ? one : { ...one, mark: "added" }));
  await keeps(before, after);
  const { boxes, cables, additions = 0 } = await layoutOver(topologyOf(before), topologyOf(after));
  const lower = boxes.filter(({ y }) => y > additions).map(({ box }) => box.subject.name);
  expect(lower.sort()).toEqual(["h5", "h6", "leaf3", "spine1", "spine2"]);
  expect(cables.filter(({ points }) => points[0]!.y > additions)).toHaveLength(4);
});

test("removed parts and changed texts keep their positions; a text without enough space is shown in full below", async () => {
  const [lan, ...rest] = star(2);
  const route = (via: string, more: Partial<Drawn> = {}) =>
    drawn("Route", "out", { namespace: "h0", destination: "10.7.0.0/16", via }, more);
  const before = [lan!, ...rest, route("10.0.0.1")];
  const changed = (via: string) => [lan!, ...rest, route(via, { mark: "changed" })];
  await keeps(before, changed("10.0.0.2"));
  const short = await svg(topologyOf(changed("10.0.0.2")), "", topologyOf(before));
  expect(short).toContain("~ 10.7.0.0/16 via 10.0.0.2");
  expect(short).not.toContain("additions");
  const long = await svg(topologyOf(changed("fd00:1234:5678::1")), "", topologyOf(before));
  expect(long).toContain("~ 10.7.0.0/16 via 10.0.0.1<");
  expect(long.indexOf("~ 10.7.0.0/16 via fd00:1234:5678::1")).toBeGreaterThan(long.indexOf("additions"));
});

test("a removed address is marked at its port", async () => {
  const wire = (addresses: string[], more: Partial<Drawn> = {}) =>
    drawn("Veth", "w", { a: { name: "eth0", namespace: "red", addresses }, b: { name: "b", namespace: "blue" } }, more);
  const after = [wire(["10.0.0.1/24"], { mark: "changed", drift: [] })];
  const picture = await svg(topologyOf(after), "", topologyOf([wire(["10.0.0.1/24", "10.0.0.2/24"])]));
  expect(picture).toContain("− 10.0.0.2/24");
});

test("the first preview of a stack is the picture of the whole lab", async () => {
  const added = star(3).map((one): Drawn => ({ ...one, mark: "added" }));
  expect(await svg(topologyOf(added), "lab", topologyOf([]))).toBe(await svg(topologyOf(added), "lab"));
});
