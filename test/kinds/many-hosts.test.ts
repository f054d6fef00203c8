import { kill } from "node:process";
import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  Address,
  Bridge,
  Hosts,
  LabHost,
  type LabHostArgs,
  Namespace,
  NatRule,
  Process,
  Route,
  Sysctl,
  Veth,
} from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
import type { Program } from "../support/engine/program.ts";
import type { Engine } from "../support/engine.ts";
import { farHostsForAll, openFarEngine } from "../support/far-hosts.ts";
import { pingOnce } from "../support/ping.ts";
import { QUIET } from "../support/quiet.ts";

let engine: Engine;
let before: string[];

const far = farHostsForAll("lab1", "lab2");
const { traces } = far;

beforeEach(async () => {
  before = await traces();
  engine = engineWith({});
});

afterEach(async () => {
  succeeds(await engine.destroy());
  await expect.poll(traces, SOON).toEqual(before);
});

/** Returns the engine of a stack whose objects are all on other machines than this one. */
function engineWith(config: Record<string, string>): Engine {
  return openFarEngine({ project: "hosts", stack: "dev", config: { ...QUIET, ...config } });
}

const lab = (name: string, args: LabHostArgs = {}) => new LabHost(name, args);

/** A namespace behind a bridge of a lab host, with other resources. The kernel names are the same on each lab host. */
function site(host: LabHost, more = ""): void {
  const opts = (name: string) => `${name}-${host.name}${more}`;
  const red = new Namespace(opts("red"), { name: "red", host });
  const br = new Bridge(opts("br"), { name: "br0", namespace: host, addresses: ["10.1.0.1/24"] });
  const cable = new Veth(opts("cable"), {
    a: { name: "eth0", namespace: red, addresses: ["10.1.0.2/24"], gateways: ["10.1.0.1"] },
    b: { name: "v-red", namespace: host, master: br },
  });
  new Address(opts("second"), { interface: cable.a, address: "10.1.0.3/24" });
  new Route(opts("route"), { namespace: red, destination: "10.9.0.0/16", via: "10.1.0.1" });
  new Sysctl(opts("forward"), { namespace: host, key: "net.ipv4.ip_forward", value: 1 });
  new NatRule(opts("nat"), { namespace: host, type: "masquerade", source: "10.1.0.0/24" });
  new Hosts(opts("names"), { namespace: red, addresses: { web: "10.1.0.80" } });
  new Process(opts("sleeper"), {
    namespace: red,
    command: ["sleep", "1000"],
    settle: 100,
    files: { "a.txt": "a\\b\n\n" },
  });
}

const both: Program = () => {
  site(lab("lab1"));
  site(lab("lab2"));
};

test("one program creates a lab on two lab hosts, reports drift on each, and leaves nothing", async () => {
  const planned = succeeds(await engine.preview(both));
  expect(await far.bed.clients()).toEqual([]);
  expect(planned).toHaveLength(18);
  expect(succeeds(await engine.up(both))).toEqual(planned);
  const macs: string[] = [];
  for (const name of ["lab1", "lab2"]) {
    const host = far.bed.host(name);
    await pingOnce(host, "red", "10.1.0.1", "-W2");
    const [link] = await host.ip("-n", "red", "link", "show", "dev", "eth0");
    macs.push(link.address);
    expect(await host.run("ip", "netns", "exec", "red", "cat", "/etc/hosts")).toContain("10.1.0.80\tweb");
    expect(await host.run("nft", "list", "ruleset")).toContain(`pulumi-netns:hosts/dev/${name}`);
    expect(await host.run("sh", "-c", "cat /run/pulumi-netns/*/a.txt")).toBe("a\\b\n");
  }
  expect(new Set(macs).size).toBe(2);
  expect(succeeds(await engine.up(both))).toEqual([]);
  expect(succeeds(await engine.refresh())).toEqual([]);

  await far.bed.host("lab2").run("ip", "-n", "red", "link", "set", "eth0", "mtu", "1400");
  await far.bed.host("lab1").run("ip", "link", "del", "br0");
  expect(succeeds(await engine.refresh())).toEqual(
    expect.arrayContaining(["update Veth cable-lab2", "delete Bridge br-lab1"]),
  );
  succeeds(await engine.up(both));
  expect(succeeds(await engine.refresh())).toEqual([]);
  await pingOnce(far.bed.host("lab1"), "red", "10.1.0.1", "-W2");
});

test("a namespace that moves to another lab host is replaced with all that is in it", async () => {
  const on = (name: string) => () => site(lab(name));
  const moving = (name: string) => () => {
    const red = new Namespace("red", { host: lab(name) });
    new Bridge("br", { name: "br1", namespace: red });
  };
  expect(succeeds(await engine.up(moving("lab1")))).toHaveLength(2);
  const moved = succeeds(await engine.up(moving("lab2")));
  expect(moved).toEqual(["replace Bridge br", "replace Namespace red"]);
  expect(await far.bed.host("lab1").run("ip", "netns", "list")).toBe("");
  expect(await far.bed.host("lab2").run("ip", "-n", "red", "link", "show")).toContain("br1");
  succeeds(await engine.up(on("lab1")));
});

test("a preview shows that the objects of a lab host are replaced when its name changes", async () => {
  const named = (name: string) => () => {
    const host = lab(name, { ssh: "lab1" });
    new Bridge("br", { name: "br1", namespace: new Namespace("red", { host }) });
  };
  succeeds(await engine.up(named("lab1")));
  const replaced = ["replace Bridge br", "replace Namespace red"];
  expect(succeeds(await engine.preview(named("west")))).toEqual(replaced);
  expect(succeeds(await engine.up(named("west")))).toEqual(replaced);
  expect(await far.bed.host("lab1").ip("-n", "red", "link", "show", "br1")).toMatchObject([
    { ifalias: expect.stringContaining("hosts/dev/west:") },
  ]);
  expect(succeeds(await engine.refresh())).toEqual([]);
});

test("a changed ssh address of a lab host changes nothing in its kernel", async () => {
  const named = (args: LabHostArgs) => () => {
    new Bridge("br", { name: "br1", namespace: lab("lab1", args) });
  };
  succeeds(await engine.up(named({})));
  const [link] = await far.bed.host("lab1").ip("link", "show", "br1");
  expect(succeeds(await engine.up(named({ ssh: `root@${far.bed.host("lab1").address}` })))).toEqual([
    "update Bridge br",
  ]);
  expect(await far.bed.host("lab1").ip("link", "show", "br1")).toMatchObject([{ ifindex: link.ifindex }]);
});

test("a program without lab hosts runs on the lab host in the configuration", async () => {
  engine = engineWith({ "pulumi-netns:host": "lab2" });
  const plain = () => {
    const red = new Namespace("red");
    new Veth("cable", { a: { name: "eth0", namespace: red }, b: { name: "v-red" } });
    new Sysctl("forward", { key: "net.ipv4.ip_forward", value: 1 });
  };
  succeeds(await engine.up(plain));
  expect(await far.bed.host("lab2").ip("link", "show", "v-red")).toMatchObject([
    { ifalias: expect.stringContaining("hosts/dev/lab2:") },
  ]);
  expect(succeeds(await engine.up(plain))).toEqual([]);
});

describe("a lost connection", () => {
  const MANY = 25;

  /** Namespaces with bridges on both lab hosts, in sequence on each. */
  const many = () => {
    const hosts = [lab("lab1"), lab("lab2")];
    for (let number = 0; number < MANY; number += 1)
      for (const host of hosts) {
        const namespace = new Namespace(`${host.name}-${number}`, { name: `n${number}`, host });
        new Bridge(`br-${host.name}-${number}`, { name: "br", namespace, addresses: [`10.2.${number}.1/24`] });
      }
  };
  const madeOn = async (name: string) =>
    (await far.bed.host(name).run("ls", "/run/netns")).split("\n").filter(Boolean).length;

  test("is opened again, and the same up continues", async () => {
    const [lab1, lab2] = [far.bed.host("lab1"), far.bed.host("lab2")];
    const run = engine.up(many);
    const isAt = async (number: number) => {
      await expect.poll(() => madeOn("lab1"), { interval: 10, timeout: 60_000 }).toBeGreaterThan(number);
      expect(await madeOn("lab1")).toBeLessThan(MANY);
    };
    await isAt(2);
    await lab1.killSessions();
    await isAt(8);
    for (const pid of await far.bed.clients()) kill(pid, "SIGKILL");
    await isAt(14);
    for (const host of [lab1, lab2]) {
      await host.stopSshd();
      await host.killSessions();
    }
    await pause(1000);
    for (const host of [lab1, lab2]) await host.startSshd();
    expect(succeeds(await run)).toHaveLength(4 * MANY);
    expect(succeeds(await engine.refresh())).toEqual([]);
    expect(succeeds(await engine.up(many))).toEqual([]);
  });

  test("to one lab host fails a refresh, no resource counts as deleted, and the next up completes", async () => {
    succeeds(await engine.up(both));
    await far.bed.host("lab2").stopSshd();
    await far.bed.host("lab2").killSessions();
    try {
      const state = engine.state.length;
      const refreshed = await engine.refresh();
      expect(refreshed.failure?.message).toMatch(/the lab host lab2 cannot be reached/);
      expect(engine.state).toHaveLength(state);
      const changed = await engine.up(() => {
        both();
        new Bridge("more", { name: "br2", namespace: lab("lab1") });
      });
      expect(changed.failure).toBeDefined();
    } finally {
      await far.bed.host("lab2").startSshd();
    }
    expect(succeeds(await engine.refresh())).toEqual([]);
    expect(succeeds(await engine.up(both))).toEqual([]);
  });

  test("fails every up until the user declares the lab host as gone", async () => {
    succeeds(await engine.up(both));
    await far.bed.host("lab2").stopSshd();
    await far.bed.host("lab2").killSessions();
    try {
      const only = () => site(lab("lab1"));
      expect((await engine.up(only)).failure?.message).toMatch(/the lab host lab2 cannot be reached: ssh: /);
      const state = engine.state.length;
      expect((await engine.up(both, { gone: ["lab2"] })).failure?.message).toMatch(
        /lab2: PULUMI_NETNS_GONE_HOSTS names this lab host, and the program still has a Namespace on it/,
      );
      expect(engine.state).toHaveLength(state);
      succeeds(await engine.up(only, { gone: ["lab2"] }));
      expect(succeeds(await engine.up(only))).toEqual([]);
    } finally {
      await far.bed.host("lab2").startSshd();
    }
    // The machine is back: its objects still belong to the stack by their marks.
    succeeds(await engine.up(both));
  });
});
