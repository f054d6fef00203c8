import { afterEach, beforeEach, expect, test } from "vitest";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { IpCommand } from "../../provider/kernel/command.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { ip, showLink } from "../../provider/kernel/tools/ip.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";

/* Links and namespaces that others replace while a provider process runs. */

let host: Sandbox;
let kernel: KernelClient;

beforeEach(async () => {
  host = await sandbox();
  kernel = linux(host.enter, host.root);
  await host.run("ip", "netns", "add", "red");
  await make();
});

afterEach(() => host[Symbol.asyncDispose]());

const make = () => host.run("ip", "-n", "red", "link", "add", "name", "x", "type", "bridge");
const look = () => showLink(kernel, "red", "x");
const inRed = (object: IpCommand["object"], verb: string, ...words: string[]) =>
  kernel.run(ip("red", object, verb, ...words));

test("commands to a link that was deleted and created again change the new link", async () => {
  await inRed("link", "add", "name", "port", "type", "veth", "peer", "name", "other");
  const first = await look();
  const changes: [IpCommand["object"], string, ...string[]][] = [
    ["link", "set", "dev", "x", "up"],
    ["address", "add", "10.0.0.1/24", "dev", "x"],
    ["route", "add", "10.9.0.0/16", "dev", "x"],
    ["link", "set", "dev", "port", "master", "x"],
    ["link", "delete", "dev", "x"],
  ];
  for (const words of changes) {
    await host.run("ip", "-n", "red", "link", "delete", "dev", "x");
    await make();
    await host.run("ip", "-n", "red", "link", "set", "dev", "x", words[0] === "route" ? "up" : "down");
    expect(await inRed(...words)).toMatchObject({ code: 0, stderr: "" });
  }
  expect(first?.ifname).toBe("x");
  expect(await look()).toBeUndefined();
});

test("a query for a name returns the link that has it now", async () => {
  await look();
  await host.run("ip", "-n", "red", "link", "set", "dev", "x", "name", "y");
  await make();
  expect((await look())?.ifname).toBe("x");
  await host.run("ip", "-n", "red", "link", "delete", "dev", "x");
  expect(await look()).toBeUndefined();
});

test("commands to a namespace that was deleted and created again run in the new namespace", async () => {
  expect(await look()).toBeDefined();
  await host.run("ip", "netns", "delete", "red");
  expect(await look()).toBeUndefined();
  await host.run("ip", "netns", "add", "red");
  expect(await look()).toBeUndefined();
  expect((await inRed("link", "set", "dev", "lo", "up")).code).toBe(0);
  expect((await host.ip("-n", "red", "link", "show", "dev", "lo"))[0].flags).toContain("UP");
});

test("the provider process does not keep a deleted namespace alive", async () => {
  await inRed("link", "add", "name", "in", "type", "veth", "peer", "name", "out", "netns", String(host.pid));
  await look();
  await kernel.run(ip(undefined, "netns", "delete", "red"));
  // The kernel deletes the pair with the namespace, after a short time.
  for (let turn = 0; turn < 50 && (await host.try("ip", "link", "show", "dev", "out")).code === 0; turn += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect((await host.try("ip", "link", "show", "dev", "out")).code).not.toBe(0);
});
