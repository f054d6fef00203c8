import { describe, expect, test } from "vitest";
import { namespace } from "../../../provider/kinds/namespace.ts";
import { showPlan } from "../../../provider/plan.ts";
import { MARK } from "../samples.ts";
import { fails, scripted, tells } from "../script.ts";

const LO = { ifindex: 1, ifname: "lo", flags: ["LOOPBACK"], mtu: 65_536 };
const desired = { name: "red" };
const seen = (mark: string | undefined, leaving: string[] = []) => ({ state: desired, mark, leaving });

describe("the plan", () => {
  test.each<[string, Omit<Parameters<typeof namespace.plan>[0], "mark">, string]>([
    ["to make one", { seen: undefined, desired }, `ip netns add red\nip -n red link set dev lo up alias '${MARK}'`],
    [
      "to make one with an odd name",
      { seen: undefined, desired: { name: "$(id)" } },
      `ip netns add '$(id)'\nip -n '$(id)' link set dev lo up alias '${MARK}'`,
    ],
    ["to take one on", { seen: seen(undefined), desired }, `ip -n red link set dev lo up alias '${MARK}'`],
    ["to delete one", { seen: seen(MARK), desired: undefined }, "ip netns delete red"],
    [
      "to delete one that links lead out of",
      { seen: seen(MARK, ["eth0", "eth1"]), desired: undefined },
      "ip -n red link delete dev eth0\nip -n red link delete dev eth1\nip netns delete red",
    ],
    ["to delete what is not there", { seen: undefined, desired: undefined }, ""],
  ])("%s", (_what, change, text) => {
    expect(showPlan(namespace.plan({ ...change, mark: MARK }))).toBe(text);
  });

  test("takes a namespace back that cannot be made ready", () => {
    const [add] = namespace.plan({ seen: undefined, desired, mark: MARK });
    expect(add?.undo?.args).toEqual(["netns", "delete", "red"]);
  });
});

describe("what is seen", () => {
  const observe = (answer: ReturnType<typeof fails>) =>
    scripted([["ip -n red -json -details link show", answer]], (kernel) => namespace.observe(kernel, desired, MARK));

  test("is the mark of the loopback interface, and the links whose other end is elsewhere", async () => {
    const links = [
      { ...LO, ifalias: MARK },
      { ...LO, ifindex: 2, ifname: "eth0", link_index: 7 },
      { ...LO, ifindex: 3, ifname: "inner", link: "outer" },
    ];
    expect(await observe(tells(links))).toEqual(seen(MARK, ["eth0"]));
  });

  test("is nobody's without that mark, whatever the other links bear", async () => {
    expect(await observe(tells([LO, { ...LO, ifname: "x", ifalias: MARK }]))).toEqual(seen(undefined));
  });

  test("is nothing where there is no namespace", async () => {
    expect(await observe(fails('Cannot open network namespace "red": No such file or directory', 255))).toBeUndefined();
  });
});
