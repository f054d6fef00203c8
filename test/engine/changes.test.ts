import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

projectForAllTests("changes");

/*
 * A replacement that the user requests, and one with a complicated order of steps. Changes of arguments and names are in
 * test/kinds/changes.test.ts, with the in-process engine, and test/engine/rules.test.ts compares the two engines.
 */

//  red ─ eth0 ══ port ─ lan (the lab host)
const LAB = `
const red = new Namespace("red");
const lan = new Bridge("lan");
const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } }, {});
new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
new Address("ip6", { interface: wire.a, address: "fd00::2/64" });
new Address("gateway", { interface: lan, address: "10.0.0.1/24" });
new Route("default", { namespace: red, destination: "default", via: "10.0.0.1" });
new Route("six", { namespace: red, destination: "default", via: "fd00::1" });
new Route("local", { destination: "10.7.0.0/16", interface: wire.a });
new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
new NatRule("nat", { type: "masquerade", source: "10.0.0.0/24" });
`;

const onWire = ["Address ip", "Address ip6", "Route default", "Route local", "Route six", "Veth wire"];
const replaced = (resources: string[]) => resources.map((resource) => `replace ${resource}`);

test("a replaced bridge gets its ports again", async () => {
  const urn = "urn:pulumi:dev::changes::pulumi-nodejs:dynamic/netns:Bridge::lan";
  await project.program(LAB);
  expect(await project.stack.up()).toHaveLength(11);
  const planned = await project.stack.preview("--replace", urn);
  const done = await project.stack.up("--replace", urn);
  expect(done).toEqual(planned);
  expect(await project.stack.refresh()).toEqual([]);
  expect(done).toEqual(["replace Bridge lan", "replace Address gateway", ...replaced(onWire)].sort());
  expect((await host.ip("link", "show", "master", "lan")).map((link) => link.ifname)).toEqual(["port"]);
});

test("a resource that leaves a replaced namespace is in the state once, and in the kernel", async () => {
  const room = (name: string, place: string) => `
    const [room, other] = [new Namespace("room", { name: "${name}" }), new Namespace("other")];
    new Sysctl("moves", { namespace: ${place}, key: "net.ipv4.ip_forward", value: "1" });
    for (let index = 0; index < 6; index++) new Bridge("stays-" + index, { name: "stays" + index, namespace: room });`;
  await project.program(room("office", "room"));
  await project.stack.up();
  await project.program(room("study", "other"));
  expect(await project.stack.up()).toContain("replace Sysctl moves");
  // A state that contains a resource twice is an error in each later run.
  expect(await project.stack.refresh()).toEqual([]);
  expect(await host.run("ip", "netns", "exec", "other", "sysctl", "--values", "net.ipv4.ip_forward")).toMatch(/^1/);
});

test("destroy leaves nothing", async () => {
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
