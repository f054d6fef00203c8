import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "./lab-for-each.ts";

/** A kind, and arguments that the kernel allows for only one link. */
export type Rivals = readonly [
  type: string,
  args: { readonly addresses?: readonly string[]; readonly [option: string]: unknown },
];

/** Declares the tests that a link gets another name, namespace and resource in one run, although the kernel allows only one such link. */
export function testRivals(all: readonly Rivals[]): void {
  labForEachTest("red", "blue", "green");

  test.each(all)(
    "%s: a link with another name, namespace and resource replaces the undeclared one",
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
