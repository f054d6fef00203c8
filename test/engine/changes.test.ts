import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { before, host, project, projectForAllTests } from "../support/project-for-all.ts";

projectForAllTests("changes");

interface Lab {
  namespace?: string;
  link?: string;
  bridge?: string;
  address?: string;
  more?: string;
  /** What is put behind every resource's name in the program. */
  suffix?: string;
  wireOptions?: string;
}

//  red ─ link ══ port ─ lan (the lab host)
const lab = ({
  namespace = "red",
  link = "eth0",
  bridge = "{}",
  address = "10.0.0.2/24",
  more = "",
  suffix = "",
  wireOptions = "{}",
}: Lab = {}) => `
const red = new Namespace("red${suffix}", { name: "${namespace}" });
const lan = new Bridge("lan${suffix}", { name: "lan", ...${bridge} });
const wire = new Veth("wire${suffix}", { a: { name: "${link}", namespace: red }, b: { name: "port", master: lan } }, ${wireOptions});
new Address("ip${suffix}", { interface: wire.a, address: "${address}" });
new Address("ip6${suffix}", { interface: wire.a, address: "fd00::2/64" });
new Address("gateway${suffix}", { interface: lan, address: "10.0.0.1/24" });
new Route("default${suffix}", { namespace: red, destination: "default", via: "10.0.0.1" });
new Route("six${suffix}", { namespace: red, destination: "default", via: "fd00::1" });
new Route("local${suffix}", { destination: "10.7.0.0/16", interface: wire.a });
new Sysctl("forwarding${suffix}", { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
new NatRule("nat${suffix}", { type: "masquerade", source: "10.0.0.0/24" });
${more}
`;

/** Brings the lab to another program, and checks that the preview said so, and that the kernel agrees afterwards. */
async function change(to: Lab, ...flags: string[]): Promise<string[]> {
  await project.program(lab(to));
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
  expect(await change({})).toHaveLength(11);
});

test("another address takes the routes along that rest on it, as the kernel does", async () => {
  expect(await change({ address: "10.0.0.3/24" })).toEqual(replaced(["Address ip", "Route default", "Route local"]));
  await host.run("ip", "netns", "exec", "red", "ping", "-c1", "-W1", "10.0.0.1");
});

test("another name of a link takes along all that is on it", async () => {
  expect(await change({ link: "eth1" })).toEqual(replaced(onWire));
  await host.run("ip", "netns", "exec", "red", "ping", "-c1", "-W1", "10.0.0.1");
});

test("another name of a namespace takes along all that is in it", async () => {
  expect(await change({ link: "eth1", namespace: "crimson" })).toEqual(
    ["replace Namespace red", ...replaced(everythingInside)].sort(),
  );
  expect((await host.ip("netns", "list")).map((entry) => entry.name)).toEqual(["crimson"]);
});

test("a bridge that is replaced gets its ports again", async () => {
  const urn = "urn:pulumi:dev::changes::pulumi-nodejs:dynamic/netns:Bridge::lan";
  const done = await change({ link: "eth1", namespace: "crimson" }, "--replace", urn);
  expect(done).toEqual(["replace Bridge lan", "replace Address gateway", ...replaced(onWire)].sort());
  expect((await host.ip("link", "show", "master", "lan")).map((link) => link.ifname)).toEqual(["port"]);
});

test("what can change in place does, and leaves all else alone", async () => {
  const bridge = `{ mtu: 1400, stp: true, mac: "02:00:00:00:00:01" }`;
  expect(await change({ link: "eth1", namespace: "crimson", bridge })).toEqual(["update Bridge lan"]);
  expect(await change({})).toHaveLength(9);
});

test("one resource more or less is that and no more", async () => {
  const more = `new Address("second", { interface: wire.a, address: "10.9.0.1/24" });`;
  expect(await change({ more })).toEqual(["create Address second"]);
  expect(await change({})).toEqual(["delete Address second"]);
});

test("resources that are renamed in the program keep what they stand for", async () => {
  const done = await change({ suffix: "-renamed" });
  expect(done.filter((step) => step.startsWith("create"))).toHaveLength(11);
  expect(done.filter((step) => step.startsWith("delete"))).toHaveLength(11);
  await host.run("ip", "netns", "exec", "red", "ping", "-c1", "-W1", "10.0.0.1");
  await change({});
});

test("with an alias a rename is an update", async () => {
  const program = lab({})
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
