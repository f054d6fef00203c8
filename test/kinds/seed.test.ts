import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { type World, world } from "../../tools/world.ts";
import { type LocalStack, openLocalExample } from "../support/local-stack.ts";

/*
 * Every stage, and changes between stages, with the in-process engine. With Pulumi's engine, test/testing/seed.test.ts and the
 * demo run the stages in order.
 */

let host: Sandbox;
let around: World;
let seed: LocalStack;
let before: string;

beforeAll(async () => {
  host = await sandbox();
  around = await world(host);
  before = await traces(host);
  seed = openLocalExample(host, "seed");
  await seed.config({ nat: true });
});

afterAll(() => host[Symbol.asyncDispose]());

const ping = async (from: string | undefined, to: string) => {
  const enter = from === undefined ? [] : ["ip", "netns", "exec", from];
  const [program = "", ...args] = [...enter, "ping", "-c1", "-W1", to];
  const { code, stdout, stderr } = await host.try(program, ...args);
  return code === 0 ? "answered" : /unreachable/.test(stdout + stderr) ? "unreachable" : "no answer";
};

const neighbours = async (place: string) =>
  (await host.ip("-n", place, "neighbour", "show")).map(({ dst, lladdr }) => `${dst} ${lladdr}`);

const macOf = async (place: string, link: string) =>
  (await host.ip("-n", place, "link", "show", "dev", link))[0].address as string;

const linksOfHost = async () => (await host.ip("link", "show")).map((link) => link.ifname as string).sort();

/** The checks of each stage, with the commands of the article. */
const stages: Record<number, () => Promise<void>> = {
  async 1() {
    expect((await host.ip("netns", "list")).map((entry) => entry.name).sort()).toEqual([
      "blue",
      "internet",
      "lan",
      "red",
    ]);
    for (const place of ["red", "blue"]) {
      expect((await host.ip("-n", place, "link", "show")).map((link) => link.ifname)).toEqual(["lo"]);
      expect(await neighbours(place)).toEqual([]);
      expect(await host.ip("-n", place, "route", "show")).toEqual([]);
    }
    expect(await ping("red", "192.168.15.2")).toBe("unreachable");
  },

  async 2() {
    expect(await ping("red", "192.168.15.2")).toBe("answered");
    expect(await ping("blue", "192.168.15.1")).toBe("answered");
    expect(await neighbours("red")).toContain(`192.168.15.2 ${await macOf("blue", "veth-blue")}`);
    expect(await neighbours("blue")).toContain(`192.168.15.1 ${await macOf("red", "veth-red")}`);
    expect(await host.run("ip", "neighbour", "show")).not.toContain("192.168.15.");
    expect(await linksOfHost()).toEqual(["lan0", "lo", "wan0"]);
    // The lab host has no address in the lab's network yet, so it asks the internet, which does not answer.
    expect(await ping(undefined, "192.168.15.1")).not.toBe("answered");
  },

  async 3() {
    expect(await linksOfHost()).toEqual(["lan0", "lo", "v-net-0", "veth-blue-br", "veth-red-br", "wan0"]);
    const ports = await host.ip("link", "show", "master", "v-net-0");
    expect(ports.map((port) => port.ifname).sort()).toEqual(["veth-blue-br", "veth-red-br"]);
    expect(await ping("red", "192.168.15.2")).toBe("answered");
    expect(await ping("blue", "192.168.15.1")).toBe("answered");
    expect(await ping(undefined, "192.168.15.1")).toBe("answered");
    expect(await neighbours("red")).toContain(`192.168.15.2 ${await macOf("blue", "veth-blue")}`);
    expect(await ping("blue", "192.168.1.3")).toBe("unreachable");
    expect(await ping("blue", "8.8.8.8")).toBe("unreachable");
  },

  async 4() {
    const seen = await around.pingsSeenInLan(around.hostInLan);
    expect(await ping("blue", "192.168.1.3")).toBe("answered");
    expect(await around.pingsSeenInLan(around.hostInLan)).toBe(seen + 1);
    expect(await ping("red", "192.168.1.3")).toBe("unreachable");
    expect(await ping("blue", "8.8.8.8")).toBe("unreachable");
  },

  async 5() {
    expect(await ping("blue", "8.8.8.8")).toBe("answered");
    expect(await ping("red", "8.8.8.8")).toBe("answered");
    expect(await host.ip("-n", "blue", "route", "show", "192.168.1.0/24")).toEqual([]);
    expect(await ping("blue", "192.168.1.3")).toBe("answered");
  },
};

async function goTo(stage: number): Promise<string[]> {
  await seed.config({ stage });
  const planned = await seed.preview();
  const done = await seed.up();
  expect(planned).toEqual(done);
  await stages[stage]?.();
  expect(await seed.up()).toEqual([]);
  return done;
}

describe("the article's lab, stage by stage on one stack", () => {
  test("S1: two namespaces", async () => {
    expect(await goTo(1)).toEqual(["create Namespace blue", "create Namespace red"]);
  });

  test("S2: a veth pair between them", async () => {
    expect(await goTo(2)).toEqual(["create Address blue-ip", "create Address red-ip", "create Veth red-blue"]);
  });

  test("S3: a bridge instead of the veth pair", async () => {
    expect(await goTo(3)).toEqual([
      "create Address gateway",
      "create Bridge v-net-0",
      "create Veth blue-wire",
      "create Veth red-wire",
      "delete Veth red-blue",
      "replace Address blue-ip",
      "replace Address red-ip",
    ]);
  });

  test("S4: with a route and without NAT, packets reach the LAN, and the answers do not return", async () => {
    await seed.config({ stage: 4, nat: false });
    expect(await seed.up()).toEqual(["create Route blue-lan", "create Sysctl forwarding"]);
    expect(await ping("blue", "192.168.1.3")).toBe("no answer");
    expect(await around.pingsSeenInLan("192.168.15.2")).toBe(1);
    expect(await around.pingsSeenInLan(around.hostInLan)).toBe(0);
  });

  test("S4: with NAT, the LAN answers to the address of the lab host", async () => {
    await seed.config({ nat: true });
    expect(await goTo(4)).toEqual(["create NatRule lan-out"]);
    expect(await around.pingsSeenInLan("192.168.15.2")).toBe(1);
  });

  test("S5: with default routes, the namespaces reach the internet", async () => {
    expect(await goTo(5)).toEqual(["create Route blue-default", "create Route red-default", "delete Route blue-lan"]);
  });

  test.each([4, 3, 2, 1, 5, 2, 5])("the lab changes to stage %i", async (stage) => {
    await goTo(stage);
  });

  test("a destroy restores the lab host", async () => {
    await seed.destroy();
    await expect.poll(() => traces(host), SOON).toBe(before);
  });
});
