import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";
import { expect, test } from "vitest";
import { inOrder, reversed } from "../../bench/graph.ts";

// Each node may need any of those before it, so there is no cycle.
const graphs = fc.array(fc.array(fc.nat(), { maxLength: 4 }), { maxLength: 30 }).map((rows) =>
  rows.map((needs, index) => ({
    name: `${index}`,
    needs: [...new Set(index === 0 ? [] : needs.map((need) => `${need % index}`))],
  })),
);

test("each node is processed once, after its dependencies, and no more than the allowed number at the same time", async () => {
  await fc.assert(
    fc.asyncProperty(graphs, fc.integer({ min: 1, max: 5 }), async (nodes, atOnce) => {
      const done: string[] = [];
      let running = 0;
      await inOrder(nodes, atOnce, async ({ name, needs }) => {
        running += 1;
        expect(running).toBeLessThanOrEqual(atOnce);
        expect(done).toEqual(expect.arrayContaining(needs));
        await turn();
        running -= 1;
        done.push(name);
      });
      expect(done.toSorted()).toEqual(nodes.map(({ name }) => name).toSorted());
    }),
  );
});

test("in the reversed graph, a node comes after all that depend on it", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const back = new Map(reversed(nodes).map(({ name, needs }) => [name, needs]));
      for (const { name, needs } of nodes) for (const need of needs) expect(back.get(need)).toContain(name);
      expect([...back.values()].flat()).toHaveLength(nodes.flatMap(({ needs }) => needs).length);
    }),
  );
});

test("a cycle is an error, and so is a failure", async () => {
  const circle = [
    { name: "a", needs: ["b"] },
    { name: "b", needs: ["a"] },
  ];
  await expect(inOrder(circle, 2, async () => undefined)).rejects.toThrow("circle");
  const one = [{ name: "a", needs: [] }];
  await expect(inOrder(one, 2, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
});
