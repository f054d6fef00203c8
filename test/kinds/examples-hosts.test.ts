import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { beforeEach, expect, test, vi } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { example } from "../../tools/stack.ts";
import { farHostsForAll } from "../support/far-hosts.ts";
import { type LocalStack, openLocalExample } from "../support/local-stack.ts";
import { pingOnce } from "../support/ping.ts";

const NAMES = ["lab1", "lab2", "lab3"];

let before: string[];

const far = farHostsForAll(...NAMES);
const { traces } = far;

beforeEach(async () => {
  before = await traces();
});

async function open(name: string): Promise<LocalStack> {
  const stack = openLocalExample(far.bed.management, name);
  await stack.config(Object.fromEntries(NAMES.map((host) => [host, far.bed.host(host).address])));
  return stack;
}

const ping = (at: string, from: string, to: unknown) =>
  pingOnce(far.bed.host(at), from, String(to), "-M", "do", "-s", "1422", "-W2");

test("two sites on two hosts: the link between them carries full-size packets, is repaired, and is deleted", async () => {
  using warned = vi.spyOn(pulumi.log, "warn");
  const stack = await open("two-hosts");
  const planned = await stack.preview();
  expect(await stack.up()).toEqual(planned);
  expect(warned.mock.calls).toEqual([]);
  const works = async () => {
    await ping("lab1", "north-pc", stack.output("southPc"));
    await ping("lab2", "south-pc", stack.output("northPc"));
  };
  await works();
  expect(await stack.up()).toEqual([]);
  await far.bed.host("lab2").run("ip", "-n", "south", "link", "set", "line", "type", "vxlan", "local", "10.77.0.99");
  await far.bed.host("lab1").run("ip", "-n", "north", "link", "delete", "line");
  expect(await stack.refresh()).toEqual(["delete Route to-south", "delete Vxlan line-lab1", "update Vxlan line-lab2"]);
  expect(await stack.up()).toEqual(["create Route to-south", "create Vxlan line-lab1", "update Vxlan line-lab2"]);
  await works();
  await stack.destroy();
  await expect.poll(traces, SOON).toEqual(before);
});

test("a LAN across three hosts: all nodes reach each other, also after one has moved, and a destroy leaves nothing", async () => {
  using warned = vi.spyOn(pulumi.log, "warn");
  const stack = await open("lan-three-hosts");
  const planned = await stack.preview();
  expect(await stack.up()).toEqual(planned);
  expect(warned.mock.calls).toEqual([]);
  const [anna, ben, carl, dora] = stack.output("addresses") as string[];
  for (const to of ["192.168.15.1", ben, carl, dora]) await ping("lab1", "anna", to);
  for (const to of ["192.168.15.1", anna, carl, dora]) await ping("lab2", "ben", to);
  expect(await stack.refresh()).toEqual([]);

  const text = readFileSync(join(example("lan-three-hosts"), "index.ts"), "utf8");
  stack.program(text.replace('"carl", host: lab3', '"carl", host: lab2'));
  expect(await stack.up()).toEqual(["replace Namespace carl", "replace Veth office-carl"]);
  for (const to of ["192.168.15.1", anna, ben, dora]) await ping("lab2", "carl", to);
  await stack.destroy();
  await expect.poll(traces, SOON).toEqual(before);
});
