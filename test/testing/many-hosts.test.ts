import { afterAll, beforeAll, test } from "vitest";
import { expect, type Lab, openLab } from "../../testing/index.ts";
import { sandbox } from "../../tools/sandbox.ts";
import { openProject, type Project } from "../support/project.ts";

let project: Project;
let lab: Lab;

const PROGRAM = `
import { FilterChain, LabHost, Vxlan } from "pulumi-netns";
const site = (host: LabHost, local: string, remote: string, number: number) => {
  const red = new Namespace("red-" + host.name, { name: "red", host });
  new Vxlan("wire-" + host.name, {
    name: "eth0", namespace: red, underlay: host, vni: 7, dstport: 14789, local, remote, addresses: ["10.1.0." + number + "/24"],
  });
};
// A filter of this machine is none of the network between the lab hosts, also with br_netfilter.
new FilterChain("own", { chain: "forward", policy: "drop" });
site(new LabHost("lab1"), "10.77.0.11", "192.168.77.2", 1);
site(new LabHost("lab2", { ssh: "ada@192.168.77.2", sudo: true }), "192.168.77.2", "10.77.0.11", 2);
`;

beforeAll(async () => {
  await using box = await sandbox();
  project = await openProject(box, "testing-hosts");
  await project.program(PROGRAM);
  lab = await openLab({
    project: project.folder,
    stack: "tested",
    hosts: [
      { name: "lab1", address: "10.77.0.11/8" },
      { name: "lab2", ssh: "ada@192.168.77.2", address: "192.168.77.2/16" },
    ],
    env: {},
  });
  for (const [on, other] of [
    ["lab1", "192.168.77.2"],
    ["lab2", "10.77.0.11"],
  ] as const)
    await lab.host(undefined, { on }).exec("ip", "route", "add", other, "dev", "eth0");
  await lab.up();
});

afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await project[Symbol.asyncDispose]();
});

test("a program with lab hosts runs unchanged, and matchers work across them", async () => {
  const [one, other] = [lab.host("red", { on: "lab1" }), lab.host("red", { on: "lab2" })];
  await expect(one).toReach(other);
  await expect(other).toHaveAddress("10.1.0.2/24", { dev: "eth0" });
  await expect(one.to(other)).toCarry("tcp", 80);
  await expect(lab.host(undefined, { on: "lab2" })).toHaveAddress("192.168.77.2");
  await expect(lab.host("red", { on: "lab1" }).exec("ip", "-brief", "address")).resolves.toContain("10.1.0.1/24");
});

test("a matcher for a lab host that does not exist fails, also with not", async () => {
  await expect(expect(lab.host("red", { on: "lab3" })).not.toReach("10.1.0.2")).rejects.toThrow(
    /^this lab has no lab host lab3\n {2}help: name the lab hosts of the program/,
  );
  await expect(expect(lab.host("rde", { on: "lab2" })).not.toReach("10.1.0.1")).rejects.toThrow(/available: red$/);
});

test("a destroy leaves nothing on a lab host", async () => {
  await lab.destroy();
  await expect(lab.host(undefined, { on: "lab2" }).exec("ls", "/run/netns")).resolves.toBe("");
});
