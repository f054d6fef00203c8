import fc from "fast-check";
import { expect, test } from "vitest";
import { layoutOf } from "../../picture/layout.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { chain, drawn, fabric, star } from "./samples.ts";
import { sound } from "./sound.ts";

test.each([1, 6, 7, 12, 40])(
  "a star of %i has no overlapping boxes, and its wires are straight and end on ports",
  (count) => sound(star(count)),
);

test("routers in a row are wrapped into several rows, and read from the first", async () => {
  for (const count of [2, 8, 30]) {
    await sound(chain(count));
    const { width, height, boxes } = await layoutOf(topologyOf(chain(count)));
    expect(height / width, `of ${count}`).toBeLessThan(1.5);
    const [first] = [...boxes].sort((one, other) => one.x - other.x || one.y - other.y);
    expect(first?.box.subject.name).toBe("r0");
  }
});

test("a fabric has its spines above its leaves, and its leaves above the hosts", async () => {
  await sound(fabric(4));
  const levels = await levelsOf(4);
  expect(levels).toEqual([
    ["spine1", "spine2"],
    ["leaf1", "leaf2", "leaf3", "leaf4"],
    ["h1", "h2", "h3", "h4", "h5", "h6", "h7", "h8"],
  ]);
  // An added leaf does not change the order of the others, so that two pictures can be compared.
  expect(await levelsOf(5)).toEqual([levels[0], [...levels[1]!, "leaf5"], [...levels[2]!, "h9", "h10"]]);
});

/** Returns the names of the boxes of a fabric, level by level from the top, each from left to right. */
async function levelsOf(leaves: number): Promise<string[][]> {
  const { boxes } = await layoutOf(topologyOf(fabric(leaves)));
  const levels = Map.groupBy(boxes, ({ box }) => box.subject.name.replace(/\d+$/, ""));
  return [...levels.values()]
    .toSorted((one, other) => one[0]!.y - other[0]!.y)
    .map((level) => level.toSorted((one, other) => one.x - other.x).map(({ box }) => box.subject.name));
}

test("boxes do not overlap and wires are straight in the picture of any program", async () => {
  const place = fc.constantFrom<(string | undefined)[]>("a", "b", "c", "d", "e", undefined);
  const end = fc.record({ namespace: place, bridged: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(end, end), { maxLength: 9 }), fc.uniqueArray(place), async (wires, bridges) => {
      const side = (name: string, { namespace, bridged }: { namespace: string | undefined; bridged: boolean }) => ({
        name,
        ...(namespace !== undefined && { namespace }),
        ...(bridged && bridges.includes(namespace) && { master: "br" }),
      });
      await sound([
        ...bridges.map((at) => drawn("Bridge", `br-${at}`, { name: "br", ...(at !== undefined && { namespace: at }) })),
        ...wires.map(([a, b], index) =>
          drawn("Veth", `w${index}`, { a: side(`x${index}`, a), b: side(`y${index}`, b) }),
        ),
      ]);
    }),
    {
      numRuns: 60,
      examples: [
        [ASTRAY, ["b", "d", undefined, "e", "c", "a"]],
        [OFFSET, ["b", undefined, "a"]],
      ],
    },
  );
});

const at = (namespace: string | undefined, bridged = false) => ({ namespace, bridged });

/** Several wires; ELK routes one of them to the former position of a box. */
const ASTRAY: [ReturnType<typeof at>, ReturnType<typeof at>][] = [
  [at("a"), at("a")],
  [at("c"), at("a")],
  [at("a"), at("e")],
  [at("d"), at("c")],
  [at("b"), at("d", true)],
  [at("c"), at("d")],
  [at(undefined), at("b")],
];

/** Several wires; one of them is straight between two ports whose centers differ by four pixels. */
const OFFSET: [ReturnType<typeof at>, ReturnType<typeof at>][] = [
  [at(undefined, true), at("a", true)],
  [at("a"), at(undefined)],
  [at(undefined, true), at("a")],
  [at("e"), at("c")],
  [at("b", true), at("e")],
  [at("c"), at("c")],
  [at("e"), at("a", true)],
  [at("b"), at("c")],
];

test("the picture does not depend on the order of the resources in the state", async () => {
  const one = await svg(topologyOf(star(9)), "star");
  expect(await svg(topologyOf(star(9).reverse()), "star")).toBe(one);
});

test("names are escaped", async () => {
  const name = `a<b>&"c'\u0007`;
  const picture = await svg(topologyOf([drawn("Namespace", name, { name })]), name);
  expect(picture).toContain("a&#60;b&#62;&#38;&#34;c&#39;�");
  expect(picture).not.toContain("a<b>");
});

test("the title of an empty picture is not cut off", async () => {
  const [, height = ""] = / height="(\d+)"/.exec(await svg(topologyOf([]), "an empty stack")) ?? [];
  // The baseline of its letters is at 32, and they reach a little below.
  expect(Number(height)).toBeGreaterThan(36);
});
