import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Bridge, LabHost, type LabHostArgs, Namespace, NatRule, Process, Sysctl, Tbf, Vxlan } from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
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
  engine = stack("dev");
});

afterEach(async () => {
  succeeds(await engine.destroy());
  await expect.poll(traces, SOON).toEqual(before);
});

/** Returns the engine of a stack whose objects are all on other machines than this one. */
function stack(name: string): Engine {
  return openFarEngine({ project: "faults", stack: name, config: QUIET });
}

const ADDRESSES = { lab1: "10.77.0.11", lab2: "10.77.0.12" } as const;

/** A network over both lab hosts: a namespace on each, and a tunnel between them. */
const wide =
  (vni: number, args: LabHostArgs = {}) =>
  () => {
    for (const [name, other] of [
      ["lab1", "lab2"],
      ["lab2", "lab1"],
    ] as const) {
      const host = new LabHost(name, args);
      const opts = { namespace: new Namespace(`red-${vni}-${name}`, { name: `red-${vni}`, host }) };
      const [local, remote] = [ADDRESSES[name], ADDRESSES[other]];
      const addresses = [`10.1.${vni}.${name === "lab1" ? 1 : 2}/24`];
      new Vxlan(`wire-${vni}-${name}`, {
        ...opts,
        ...{ name: "eth0", underlay: host, vni, dstport: 14_789, local, remote, addresses },
      });
      for (const number of [1, 2, 3, 4]) new Bridge(`br-${vni}-${name}-${number}`, { ...opts, name: `br${number}` });
    }
  };

/** The number of resources of that network, with the stack itself. */
const RESOURCES = 13;

const reaches = (vni: number) => pingOnce(far.bed.host("lab1"), `red-${vni}`, `10.1.${vni}.2`, "-W2");

/** Expects that the next `up` and a refresh find the network as the program declares it. */
async function converges(vni: number, args?: LabHostArgs): Promise<void> {
  succeeds(await engine.up(wide(vni, args)));
  expect(succeeds(await engine.refresh())).toEqual([]);
  expect(succeeds(await engine.up(wide(vni, args)))).toEqual([]);
  await reaches(vni);
}

const drop = (...words: string[]) => far.bed.management.run("nft", ...words);

test("commands run through sudo, and a sudo that asks for a password is an error with its text", async () => {
  const hosts = [far.bed.host("lab1"), far.bed.host("lab2")] as const;
  const [lab1, lab2] = hosts;
  const install = (host: typeof lab1, script: string) =>
    host.run(
      ...(["sh", "-c", 'mkdir -p /run/bin && printf "%s\\n" "$1" >/run/bin/sudo && chmod 755 /run/bin/sudo'] as const),
      ...["sh", script],
    );
  await install(lab1, '#!/bin/sh\n[ "$1" = -n ] || exit 1\nshift\necho "$1" >>/run/sudo-log\nexec "$@"');
  await install(lab2, "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1");
  const restart = async (...options: string[]) => {
    for (const host of hosts) {
      await host.stopSshd();
      await host.startSshd(...options);
    }
  };
  await restart("SetEnv=PATH=/run/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  try {
    const failed = await engine.up(wide(5, { sudo: true }));
    expect(failed.failure?.message).toMatch(/the lab host lab2 cannot be reached: sudo: a password is required/);
    await install(lab2, '#!/bin/sh\nshift\nexec "$@"');
    await converges(5, { sudo: true });
    expect(await lab1.run("cat", "/run/sudo-log")).toMatch(/^sh$/m);
    succeeds(await engine.destroy());
  } finally {
    await restart();
  }
});

test("an up survives a short loss of packets, and a permanent loss is an error after a timeout", async () => {
  await drop("add", "table", "inet", "cut");
  await drop("add", "chain", "inet", "cut", "out", "{ type filter hook output priority 0 ; }");
  const cut = () => drop("add rule inet cut out ip daddr 10.77.0.12 tcp dport 22 drop");
  const mend = () => drop("flush chain inet cut out");
  try {
    const run = engine.up(wide(6));
    await expect.poll(() => far.bed.host("lab2").run("ls", "/run/netns"), { interval: 10, ...SOON }).not.toBe("");
    await cut();
    await pause(3000);
    await mend();
    succeeds(await run);
    await converges(6);
    await cut();
    const { failure } = await engine.refresh();
    expect(failure?.message).toMatch(/the lab host lab2 cannot be reached: .*timed out/);
    expect(engine.state).toHaveLength(RESOURCES);
  } finally {
    await drop("delete table inet cut");
  }
  await converges(6);
});

test("a move to a lab host that is down changes nothing on the former one, and succeeds when it is up again", async () => {
  const [lab1, lab2] = [far.bed.host("lab1"), far.bed.host("lab2")];
  const on = (name: string) => () => {
    const namespace = new Namespace("red", { host: new LabHost(name) });
    new Bridge("br", { name: "br1", namespace });
    new Process("sleeper", { namespace, command: ["sleep", "1000"], settle: 100 });
  };
  succeeds(await engine.up(on("lab1")));
  const former = engine.state.map(({ urn }) => urn);
  await lab2.stopSshd();
  await lab2.killSessions();
  try {
    for (const verb of ["preview", "up"] as const)
      expect((await engine[verb](on("lab2"))).failure?.message).toMatch(
        /the lab host lab2 cannot be reached: ssh: [^]*\n {2}help: nothing on it counts as deleted/,
      );
  } finally {
    await lab2.startSshd();
  }
  expect(engine.state.map(({ urn }) => urn)).toEqual(former);
  expect(succeeds(await engine.refresh())).toEqual([]);
  succeeds(await engine.up(on("lab2")));
  expect(await lab1.traces()).toBe(before[0]);
  expect(await lab2.run("ip", "-n", "red", "link", "show")).toContain("br1");
});

test("a full disk on a lab host is an error of the resource that needs it, and the next up completes", async () => {
  const lab2 = far.bed.host("lab2");
  const talking = () => {
    const host = new LabHost("lab2");
    const namespace = new Namespace("talk", { host });
    new Process("talker", { namespace, command: ["sleep", "1000"], files: { "large.txt": "x".repeat(100_000) } });
  };
  await lab2.run("sh", "-c", "mkdir -p /run/pulumi-netns && mount -t tmpfs -o size=16k tmpfs /run/pulumi-netns");
  try {
    const { failure } = await engine.up(talking);
    expect(failure?.message).toMatch(/lab2: [^]*No space left on device\n {2}help: .*`df \/run\/pulumi-netns`/);
  } finally {
    await lab2.run("umount", "/run/pulumi-netns");
  }
  succeeds(await engine.up(talking));
  expect(succeeds(await engine.refresh())).toEqual([]);
});

test("a refresh without ip on a lab host is an error that names both, and no resource counts as deleted", async () => {
  const lab2 = far.bed.host("lab2");
  succeeds(await engine.up(wide(8)));
  await lab2.without("ip", async () => {
    const { failure } = await engine.refresh();
    expect(failure?.message).toMatch(
      /^lab2: ip is not installed\n {2}needed by: ip [^]*\n {2}help: install the package iproute2 there; in Fedora, iproute$/,
    );
    expect(engine.state).toHaveLength(RESOURCES);
    const more = () => {
      wide(8)();
      new Bridge("more", { name: "br9", namespace: new LabHost("lab3", { ssh: "root@10.77.0.12" }) });
    };
    expect((await engine.up(more)).failure?.message).toMatch(/: lab3: ip is not installed\n/);
  });
  await converges(8);
});

/** Resources that need a tool. Some tools run in a namespace through another one. */
const NEEDING: Readonly<Record<string, (lab2: LabHost) => unknown>> = {
  nft: (host) =>
    new NatRule("rule", { namespace: new Namespace("red", { host }), type: "masquerade", source: "10.9.0.0/24" }),
  sysctl: (namespace) => new Sysctl("ttl", { namespace, key: "net.ipv4.ip_default_ttl", value: 63 }),
  tc: (namespace) => {
    const link = new Bridge("shaped", { namespace, name: "br0" });
    new Tbf("slow", { namespace, interface: link, rate: "10mbit" });
  },
  bridge: (host) => {
    const namespace = new Namespace("red", { host });
    new Vxlan("flooding", { namespace, name: "vx0", vni: 9, dstport: 14_790, flood: ["10.77.0.99"] });
  },
};

test.each(Object.keys(NEEDING))("a change without %s names the tool, the lab host and the package", async (tool) => {
  const program = () => NEEDING[tool]?.(new LabHost("lab2"));
  const { failure } = await far.bed.host("lab2").without(tool, () => engine.up(program));
  expect(failure?.message).toMatch(
    new RegExp(`lab2: ${tool} is not installed\n  needed by: [^]*\n  help: install the package \\w+ there`),
  );
  succeeds(await engine.up(program));
  expect(succeeds(await engine.refresh())).toEqual([]);
});

test("the error about a login without root permissions says how to set up the LabHost", async () => {
  const lab2 = far.bed.host("lab2");
  await lab2.stopSshd();
  await lab2.startSshd(`ForceCommand=exec setpriv --bounding-set=-net_admin,-sys_admin sh -c "$SSH_ORIGINAL_COMMAND"`);
  try {
    for (const program of [
      () => new Bridge("br", { name: "br0", namespace: new LabHost("lab2") }),
      () => new Namespace("red", { host: new LabHost("lab2") }),
    ]) {
      const { failure } = await engine.up(program);
      expect(failure?.message).toMatch(
        /lab2: ip [^]*not permitted\n {2}help: .*on a LabHost, log in as root or set sudo: true/,
      );
    }
  } finally {
    await lab2.stopSshd();
    await lab2.startSshd();
  }
});

test("two concurrent stacks on the same two lab hosts do not affect each other", async () => {
  const other = stack("other");
  const runs = await Promise.all([engine.up(wide(9)), other.up(wide(10))]);
  for (const run of runs) succeeds(run);
  await Promise.all([reaches(9), reaches(10)]);
  succeeds(await other.destroy());
  await reaches(9);
  expect(succeeds(await engine.refresh())).toEqual([]);
});

test.each([3, 9])("the next up completes the lab of an engine that was killed after %s changes", async (dieAfter) => {
  const died = await engine.up(wide(11), { dieAfter, keeping: "nothing" });
  expect(died.failure).toBeDefined();
  await converges(11);
});
