import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "./lab-for-each.ts";

/** A kind, and the arguments with which one link of it keeps the kernel from creating another. */
export type Rivals = readonly [
  type: string,
  args: { readonly addresses?: readonly string[]; readonly [option: string]: unknown },
];

/** Tests that a link gets another name, another namespace and another resource in one run, although the kernel allows it once. */
export function testRivals(all: readonly Rivals[]): void {
  labForEachTest("red", "blue", "green");

  test.each(all)(
    "%s: a link of other names takes the place of the one that the program no longer has",
    async (type, args) => {
      const trunk = lab.resource("Veth", "trunk");
      await trunk.up({ a: { name: "trunk", namespace: "green" }, b: { name: "trunk-end" } });
      const first = lab.resource(type, "first");
      await first.up({ name: "one", namespace: "red", ...args });
      const run = lab.nextRun();
      const [former, second] = [run.resource(type, "first"), run.resource(type, "second")];
      former.resume({ id: first.id, outputs: first.outputs });
      await second.up({ name: "two", namespace: "blue", ...args });
      expect((await lab.ip("-n", "blue", "link", "show", "dev", "two"))[0].ifalias).toMatch(/:second@/);
      expect((await lab.ip("-n", "red", "link", "show")).map(({ ifname }) => ifname)).not.toContain("one");
      await former.destroy();
      const { addresses = [] } = args;
      const { addr_info } = (await lab.ip("-n", "blue", "address", "show", "dev", "two"))[0];
      expect(addr_info.map(({ local, prefixlen }: any) => `${local}/${prefixlen}`)).toEqual(
        expect.arrayContaining([...addresses]),
      );
      expect(await second.refresh()).toEqual([]);
      await second.destroy();
      await trunk.destroy();
      await expectNothingLeft();
    },
  );
}
