import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

projectForAllTests("changes");

/*
 * The changes in which Pulumi's engine has the most to order. Those of single arguments are in test/kinds/changes.test.ts, with
 * the engine in this process, which test/engine/rules.test.ts holds against this one.
 */

//  red ─ eth0 ══ port ─ lan (the lab host)
const lab = (namespace = "red") => `
const red = new Namespace("red", { name: "${namespace}" });
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

/** Brings the lab to another program, and checks that the preview said so, and that the kernel agrees afterwards. */
async function change(program: string, ...flags: string[]): Promise<string[]> {
  await project.program(program);
  const planned = await project.stack.preview(...flags);
  const done = await project.stack.up(...flags);
  expect(done).toEqual(planned);
  expect(await project.stack.refresh()).toEqual([]);
  expect(await project.stack.up()).toEqual([]);
  return done;
}

const everythingInside = [
  "Address ip",
  "Address ip6",
  "Route default",
  "Route local",
  "Route six",
  "Sysctl forwarding",
  "Veth wire",
];
const onWire = ["Address ip", "Address ip6", "Route default", "Route local", "Route six", "Veth wire"];
const replaced = (resources: string[]) => resources.map((resource) => `replace ${resource}`);

test("a lab comes up", async () => {
  expect(await change(lab())).toHaveLength(11);
});

test("another name of a namespace takes along all that is in it", async () => {
  expect(await change(lab("crimson"))).toEqual(["replace Namespace red", ...replaced(everythingInside)].sort());
  expect((await host.ip("netns", "list")).map((entry) => entry.name)).toEqual(["crimson"]);
});

test("a bridge that is replaced gets its ports again", async () => {
  const urn = "urn:pulumi:dev::changes::pulumi-nodejs:dynamic/netns:Bridge::lan";
  const done = await change(lab("crimson"), "--replace", urn);
  expect(done).toEqual(["replace Bridge lan", "replace Address gateway", ...replaced(onWire)].sort());
  expect((await host.ip("link", "show", "master", "lan")).map((link) => link.ifname)).toEqual(["port"]);
});

test("with an alias a rename is an update", async () => {
  const program = lab("crimson")
    .replace(`new Veth("wire"`, `new Veth("cable"`)
    .replace("}, {});", `}, { aliases: [{ name: "wire" }] });`);
  await project.program(program);
  const done = await project.stack.up();
  expect(done).toContain("update Veth cable");
  expect(done.filter((step) => /^(create|delete)/.test(step))).toEqual([]);
  expect(await project.stack.refresh()).toEqual([]);
});

test("what leaves a namespace that is replaced is in the state once, and in the kernel", async () => {
  const room = (name: string, place: string) => `
    const [room, other] = [new Namespace("room", { name: "${name}" }), new Namespace("other")];
    new Sysctl("moves", { namespace: ${place}, key: "net.ipv4.ip_forward", value: "1" });
    for (let index = 0; index < 6; index++) new Bridge("stays-" + index, { name: "stays" + index, namespace: room });`;
  await project.program(room("office", "room"));
  await project.stack.up();
  await project.program(room("study", "other"));
  expect(await project.stack.up()).toContain("replace Sysctl moves");
  // A state with a resource twice is an error of each run from then on.
  expect(await project.stack.refresh()).toEqual([]);
  expect(await host.run("ip", "netns", "exec", "other", "sysctl", "--values", "net.ipv4.ip_forward")).toMatch(/^1/);
});

test("destroy leaves nothing", async () => {
  await project.stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
