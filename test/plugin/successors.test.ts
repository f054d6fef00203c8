import { expect, test } from "vitest";
import { withSuccessors } from "../../plugin/successors.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";

/** Returns lifecycles of routes and addresses that record their deletes. */
function recorded() {
  const deleted: string[] = [];
  const lifecycle = (type: string): Lifecycle => ({
    check: () => ({ inputs: {} }),
    conflicts: async () => [],
    diff: () => ({ changes: false, replaces: [], deleteBeforeReplace: true }),
    create: async (inputs) => ({ id: String(inputs["to"]), outs: {} }),
    read: async (id) => ({ id }),
    import: async (id) => ({ id, props: {}, inputs: {} }),
    update: async () => ({ outs: {} }),
    delete: async (id, { __mark }) => void deleted.push(`${type} ${id} of ${__mark}`),
  });
  const lives = withSuccessors(new Map(["Route", "Address"].map((type) => [type, lifecycle(type)])));
  return { deleted, of: (type: string) => lives.get(type) as Lifecycle };
}

test("an object that the same resource has created in this run is not deleted", async () => {
  const { deleted, of } = recorded();
  await of("Route").create({ __mark: "m", to: "default" });
  await of("Route").delete("default", { __mark: "m" });
  expect(deleted).toEqual([]);
});

test.each([
  ["of another id", "Route", "10.0.0.0/8", "m"],
  ["of another resource", "Route", "default", "other"],
  ["of another kind", "Address", "default", "m"],
])("an object %s is deleted", async (_what, type, id, mark) => {
  const { deleted, of } = recorded();
  await of("Route").create({ __mark: "m", to: "default" });
  await of(type).delete(id, { __mark: mark });
  expect(deleted).toEqual([`${type} ${id} of ${mark}`]);
});

test("an object that was deleted before it was created again is deleted", async () => {
  const { deleted, of } = recorded();
  await of("Route").delete("default", { __mark: "m" });
  await of("Route").create({ __mark: "m", to: "default" });
  expect(deleted).toEqual(["Route default of m"]);
});
