import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "./lab-for-each.ts";

/** A kind, the arguments of a link of it on the interface `trunk`, and the words of `ip` that create one by hand. */
export type ByHand = readonly [type: string, args: object, words: string];

/** Declares the tests that a foreign link is refused: one of another kind always, and one of the same kind without `adopt`. */
export function testLinksOfOthers(all: readonly ByHand[]): void {
  labForEachTest("red");

  const inRed = (words: string) => lab.run("ip", "-n", "red", ...words.split(" "));
  const trunk = () => inRed("link add name trunk up type veth peer name far");
  const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "x0"))[0];
  const declared = (args: object) => ({ name: "x0", namespace: "red", ...args });

  test.each(all)("a link of another kind with the name of a %s is refused, and remains", async (type, args) => {
    await trunk();
    await inRed(`link add name x0 type ${type === "Bridge" ? "ifb" : "bridge"}`);
    const before = await show();
    for (const adopt of [false, true])
      await expect(lab.nextRun().resource(type, "it").up(declared(args), { adopt })).rejects.toThrow(
        "it is of another kind, so adopt cannot take it over",
      );
    expect(await show()).toEqual(before);
  });

  test.each(all)(
    "a foreign %s is refused without adopt, and is then adopted and deleted with the resource",
    async (type, args, words) => {
      await trunk();
      await inRed(words);
      const { ifindex } = await show();
      const it = lab.resource(type, "it");
      await expect(it.up(declared(args))).rejects.toThrow(
        /already exists and is not managed[^]*or take it over with adopt: true/,
      );
      expect(await it.up(declared(args), { adopt: true })).toBe("create");
      expect(await show()).toMatchObject({ ifindex, ifalias: expect.stringMatching(/:it@/) });
      expect(await it.refresh()).toEqual([]);
      expect(await it.up(declared(args))).toBe("same");
      await it.destroy();
      await inRed("link delete dev trunk");
      await expectNothingLeft();
    },
  );
}
