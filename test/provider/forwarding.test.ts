import { describe, expect, test } from "vitest";
import { forwardingIsEaten } from "../../provider/forwarding.ts";
import { fails, scripted, tells } from "./script.ts";

const LIST = "nft --json list chains";
const IN_RED = "ip netns exec red nft --json list chains";

/** What Docker has set. */
const EATER = {
  family: "ip",
  table: "filter",
  name: "FORWARD",
  handle: 2,
  type: "filter",
  hook: "forward",
  prio: 0,
  policy: "drop",
};
const without = (...keys: string[]) => Object.fromEntries(Object.entries(EATER).filter(([key]) => !keys.includes(key)));
const chains = (...all: object[]) =>
  tells({ nftables: [{ metainfo: { version: "1.0.6" } }, ...all.map((chain) => ({ chain }))] });

const on = (...all: object[]) => scripted([[LIST, chains(...all)]], (kernel) => forwardingIsEaten(kernel, undefined));

const DOCKERS =
  "The lab host drops what it is to forward: the chain FORWARD of the table ip filter has the policy drop, as Docker and ufw set it.\n" +
  "  what to do: let the lab's packets through, for example with\n" +
  "    nft insert rule ip filter FORWARD iifname LAB_INTERFACE accept\n" +
  "    nft insert rule ip filter FORWARD oifname LAB_INTERFACE accept";

const ANOTHERS =
  "Namespace red drops what it is to forward: the chain fw of the table inet lab has the policy drop, as Docker and ufw set it.\n" +
  "  what to do: let the lab's packets through, for example with\n" +
  "    nft insert rule inet lab fw iifname LAB_INTERFACE accept\n" +
  "    nft insert rule inet lab fw oifname LAB_INTERFACE accept";

describe("what is forwarded is eaten", () => {
  test("on the lab host, by a chain that drops it", async () => {
    expect(await on(EATER)).toBe(DOCKERS);
  });

  test("in a namespace, by a chain that drops it there", async () => {
    const answer = chains({ ...EATER, family: "inet", table: "lab", name: "fw" });
    expect(await scripted([[IN_RED, answer]], (kernel) => forwardingIsEaten(kernel, "red"))).toBe(ANOTHERS);
  });

  test("by a chain among others", async () => {
    const others = [without("type", "hook", "policy"), { ...EATER, name: "INPUT", hook: "input" }];
    expect(await on(...others, EATER, { ...EATER, policy: "accept" })).toBe(DOCKERS);
  });

  test("by the first of several, which alone is told of", async () => {
    expect(await on(EATER, { ...EATER, family: "inet", table: "lab", name: "fw" })).toBe(DOCKERS);
  });

  test("by a chain of any priority", async () => {
    expect(await on({ ...EATER, prio: 150 })).toBe(DOCKERS);
  });
});

describe("what is forwarded is not eaten", () => {
  test.each<[string, object[]]>([
    ["where there is no chain", []],
    ["by a chain that accepts it", [{ ...EATER, policy: "accept" }]],
    ["by a chain without a policy", [without("policy")]],
    ["by a chain that packets do not come through by themselves", [without("type", "hook", "prio", "policy")]],
    ["by a chain of that name alone", [without("hook", "policy")]],
    ["by a chain without a type", [without("type")]],
    ["by what drops what comes in", [{ ...EATER, name: "INPUT", hook: "input" }]],
    ["by what drops what goes out", [{ ...EATER, name: "OUTPUT", hook: "output" }]],
    ["by what drops before the routing", [{ ...EATER, name: "FORWARD", hook: "prerouting" }]],
    ["by a chain of another type", [{ ...EATER, type: "route" }]],
    [
      "by several chains that are each something of it",
      [
        { ...EATER, policy: "accept" },
        { ...EATER, hook: "input" },
        { ...EATER, type: "nat" },
      ],
    ],
  ])("%s", async (_what, all) => {
    expect(await on(...all)).toBeUndefined();
  });

  test("in a namespace that is not there", async () => {
    const gone = fails('Cannot open network namespace "red": No such file or directory', 255);
    expect(await scripted([[IN_RED, gone]], (kernel) => forwardingIsEaten(kernel, "red"))).toBeUndefined();
  });
});
