import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, type Lab, openLab } from "../../testing/index.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { world } from "../../tools/world.ts";

let lab: Lab;

beforeAll(async () => {
  // Like in the tests of a user, the path is relative to the working directory.
  expect(process.cwd()).toBe(REPOSITORY.replace(/\/$/, ""));
  lab = await openLab({ project: "./examples/seed", config: { stage: 1 }, around: world });
});

afterAll(() => lab[Symbol.asyncDispose]());

/** Returns the message of an expectation that fails. */
async function complaint(expectation: Promise<void>): Promise<string> {
  try {
    await expectation;
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("it was met");
}

async function goTo(stage: number, more: Record<string, boolean> = {}): Promise<string[]> {
  await lab.config({ stage, ...more });
  return lab.up();
}

describe("the article's lab, with the test library", () => {
  test("S1: two namespaces without a link", async () => {
    const planned = await lab.preview();
    expect(planned).toEqual(["create Namespace blue", "create Namespace red"]);
    expect(await lab.up()).toEqual(planned);
    await expect(lab.host("red")).not.toHaveRoute("default");
    await expect(lab.host("red")).not.toReach("192.168.15.2");
    expect(await complaint(expect(lab.host("red")).toReach(lab.host("blue")))).toBe("blue has no address");
    expect(await complaint(expect(lab.host("red")).toHaveAddress("192.168.15.1/24"))).toContain(
      "red does not have the address 192.168.15.1/24. Its addresses:\n  127.0.0.1/8 on lo",
    );
  });

  test.each<[string, (reed: Host) => Promise<void>]>([
    ["toReach", (reed) => expect(reed).toReach("192.168.15.2")],
    ["not.toReach another", (reed) => expect(lab.host("red")).not.toReach(reed)],
    ["not.toHaveRoute", (reed) => expect(reed).not.toHaveRoute("default")],
    ["not.toHaveAddress", (reed) => expect(reed).not.toHaveAddress("192.168.15.1")],
    ["not.toResolve", (reed) => expect(reed).not.toResolve("web.lab")],
  ])("%s fails for a host that does not exist", async (_, expectation) => {
    expect(await complaint(expectation(lab.host("reed")))).toBe(
      'namespace "reed" not found in this lab; did you mean red?\n  help: available: blue, internet, lan, red',
    );
  });

  test("a matcher rejects a name instead of a host", async () => {
    expect(await complaint(expect("red").not.toReach("192.168.15.2"))).toBe(
      'expect("red"): the value is not a host of a lab\n  help: use expect(lab.host("red"))',
    );
  });

  test("S2: a veth pair between them", async () => {
    await goTo(2);
    await expect(lab.host("red")).toReach(lab.host("blue"));
    await expect(lab.host("blue")).toReach("192.168.15.1");
    await expect(lab.host("red")).toHaveAddress("192.168.15.1/24", { dev: "veth-red" });
    await expect(lab.host("red")).not.toHaveAddress("192.168.15.1/16");
    await expect(lab.host("red")).not.toHaveAddress("192.168.15.1", { dev: "lo" });
    expect(await complaint(expect(lab.host("red")).not.toReach(lab.host("blue")))).toMatch(
      /^red reaches 192\.168\.15\.2\n\nred 192\.168\.15\.1 → 192\.168\.15\.2\n(.*\n)*the ping is answered$/,
    );
  });

  test("S3: a bridge instead of the veth pair, without a route to the outside", async () => {
    await goTo(3);
    await expect(lab.host()).toReach("192.168.15.1");
    await expect(lab.host("blue")).toHaveRoute("192.168.15.0/24", { dev: "veth-blue" });
    expect(await complaint(expect(lab.host("blue")).toReach("192.168.1.3"))).toBe(
      [
        "blue does not reach 192.168.1.3 (Network is unreachable)",
        "",
        "blue → 192.168.1.3",
        "  1  blue",
        "blue has no route to 192.168.1.3 (Network is unreachable)",
        "  help: add a route:",
        '    new Route("…", { namespace: "blue", destination: "192.168.1.0/24", via: "192.168.15.5" })',
      ].join("\n"),
    );
  });

  test("S4: without NAT, the answer has no route back", async () => {
    await goTo(4, { nat: false });
    expect(await complaint(expect(lab.host("blue")).toReach("192.168.1.3"))).toBe(
      [
        "blue does not reach 192.168.1.3",
        "",
        "blue 192.168.15.2 → 192.168.1.3",
        "  1  blue          out by veth-blue to 192.168.15.5",
        "  2  the lab host  in by v-net-0, out by lan0",
        "  3  lan           in by eth0",
        "and back",
        "  1  lan",
        "the ping arrives, but its answer is dropped: lan has no route to 192.168.15.2 (Network is unreachable)",
        "  help: add a route in lan:",
        '    new Route("…", { namespace: "lan", destination: "192.168.15.0/24", via: "192.168.1.2" }), or source NAT on the lab host:',
        '    new NatRule("…", { type: "masquerade", source: "192.168.15.0/24" })',
      ].join("\n"),
    );
    await goTo(4, { nat: true });
    await expect(lab.host("blue")).toReach("192.168.1.3");
    await expect(lab.host("blue")).not.toReach("8.8.8.8");
  });

  test("S5: with default routes, the namespaces reach the internet", async () => {
    await goTo(5);
    await expect(lab.host("red")).toReach("8.8.8.8");
    await expect(lab.host("red")).toHaveRoute("default", { via: "192.168.15.5", dev: "veth-red" });
    expect(await complaint(expect(lab.host("red")).toHaveRoute("default", { via: "192.168.15.6" }))).toMatch(
      /^red does not have the route default via 192\.168\.15\.6\. Its routes:\n {2}default via 192\.168\.15\.5 dev veth-red/,
    );
    expect(await complaint(expect(lab.host("red")).not.toHaveRoute("default"))).toMatch(/^red has the route default\./);
    expect(await lab.exec("red", "ip", "route", "show", "default")).toContain("via 192.168.15.5");
    await expect(lab.exec("red", "ip", "route", "show", "nonsense")).rejects.toThrow(
      "ip route show nonsense in red: exit 1",
    );
  });

  test("toResolve resolves names with the hosts file or a name server", async () => {
    const { run } = lab.sandbox;
    await run("sh", "-c", "echo 192.168.15.2 web.lab > /run/hosts; echo nameserver 9.9.9.9 > /run/resolv.conf");
    await run("mount", "--bind", "/run/hosts", "/etc/hosts");
    await run("mount", "--bind", "/run/resolv.conf", "/etc/resolv.conf");
    await expect(lab.host("red")).toResolve("web.lab");
    await expect(lab.host("red")).toResolve("web.lab", "192.168.15.2");
    expect(await complaint(expect(lab.host("red")).toResolve("web.lab", "192.168.15.3"))).toBe(
      "red does not resolve web.lab to 192.168.15.3. It finds:\n  192.168.15.2",
    );
    await lab.exec("red", "ip", "route", "del", "default");
    expect(await complaint(expect(lab.host("red")).toResolve("other.lab"))).toMatch(
      /^red does not resolve other\.lab\. Its \/etc\/resolv\.conf names 9\.9\.9\.9\n\nred → 9\.9\.9\.9\n(.*\n)*red has no route/,
    );
  });

  test("refresh reports a change by hand, and up repairs it", async () => {
    expect(await lab.refresh()).toEqual(["delete Route red-default"]);
    expect(await lab.up()).toEqual(["create Route red-default"]);
    await expect(lab.host("red")).toReach("8.8.8.8");
    await lab.destroy();
    expect((await lab.sandbox.run("ip", "netns", "list")).split("\n").map((line) => line.split(" ")[0])).toEqual(
      expect.not.arrayContaining(["red", "blue"]),
    );
  });
});
