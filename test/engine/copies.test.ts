import { cp } from "node:fs/promises";
import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { openStack, type Stack } from "../../tools/stack.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

/* Two stacks with the same project and name, whose states are in different folders, are different stacks. */

projectForAllTests("copies");

const lab = (address = "10.0.0.254/24") => `
const red = new Namespace("red");
const lan = new Bridge("lan", { addresses: ["${address}"] });
new Veth("wire", { a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"], gateways: ["10.0.0.254"] }, b: { name: "port", master: lan } });
new NatRule("nat", { type: "masquerade", source: "10.0.0.0/24" });
new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
new Route("hole", { destination: "10.66.0.0/16", type: "blackhole" });
`;

/** Returns the folder of a stack's state. */
const stateOf = (stack: Stack): string =>
  stack.env.find((word) => word.startsWith("PULUMI_BACKEND_URL="))?.replace("PULUMI_BACKEND_URL=file://", "") ?? "";

const address = async (): Promise<string> =>
  (await host.run("ip", "-brief", "-4", "address", "show", "dev", "lan")).trim();

test("a second stack of the same name does not take over the lab, and its destroy leaves it unchanged", async () => {
  await project.program(lab());
  await project.stack.up();
  await using copy = await openStack(host, project.folder);
  await project.program(lab("10.0.0.253/24"));
  const { code, stdout, stderr } = await copy.try("up", "--yes", "--skip-preview");
  expect([code, stdout + stderr]).toEqual([
    1,
    expect.stringContaining("belongs to another stack named copies/dev, whose state is in another backend"),
  ]);
  await copy.destroy();
  await project.program(lab());
  expect(await address()).toContain("10.0.0.254/24");
  expect(await project.stack.up("--refresh")).toEqual([]);
});

test("a copied state is refused by each command that would use it, and a moved one is accepted if the user names its former place", async () => {
  await using copy = await openStack(host, project.folder);
  await cp(stateOf(project.stack), stateOf(copy), { recursive: true, force: true });
  let former = "";
  for (const verb of ["refresh", "destroy", "up"]) {
    const { code, stdout, stderr } = await copy.try(verb, "--yes", "--skip-preview");
    expect([verb, code]).toEqual([verb, 1]);
    expect(stdout + stderr).toMatch(/the state of stack copies\/dev was written in another folder/);
    [, former = ""] = /PULUMI_NETNS_MOVED_FROM=([0-9a-f]{8}) pulumi up/.exec(stdout + stderr) ?? [];
  }
  expect(await address()).toContain("10.0.0.254/24");
  await using moved = await openStack(host, project.folder, "dev", { PULUMI_NETNS_MOVED_FROM: former });
  await cp(stateOf(project.stack), stateOf(moved), { recursive: true, force: true });
  expect(await moved.up()).toHaveLength(6);
  expect(await moved.refresh()).toEqual([]);
  expect(await moved.destroy()).toHaveLength(6);
  await expect.poll(() => traces(host), SOON).toBe(before);
});
