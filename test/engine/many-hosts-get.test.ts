import { beforeAll, expect, test, vi } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { farProjectForAll } from "../support/far-hosts.ts";

const far = farProjectForAll("foreign", "lab1", "lab2");

const APPROVED = ["--yes", "--skip-preview"] as const;

/** Foreign objects on lab2: a namespace with a bridge, and a pair. */
const THEIRS = `
ip netns add theirs && ip -n theirs link add br0 address 02:00:00:00:00:07 type bridge && ip -n theirs link set dev br0 up
ip link add v-theirs type veth peer name eth0 netns theirs`;

const DELETE_OURS = `
ip link delete v-a && ip -n theirs link delete br1 && ip address delete 10.9.0.1/24 dev v-theirs`;

const PROGRAM = `
import { LabHost } from "pulumi-netns";
const [lab1, lab2] = [new LabHost("lab1"), new LabHost("lab2")];
const theirs = Namespace.get("theirs", "theirs", { host: lab2 });
const lan = Bridge.get("lan", "theirs/br0", { host: lab2 });
const pair = Veth.get("pair", "v-theirs:theirs/eth0", { host: lab2 });
new Namespace("own", { host: lab1 });
new Bridge("inside", { name: "br1", namespace: theirs });
new Veth("cable", { a: { name: "v-a", namespace: lab2 }, b: { name: "v-b", namespace: theirs, master: lan } });
new Address("more", { interface: pair.a, address: "10.9.0.1/24" });
export const mac = lan.mac;
`;

const UNREACHABLE = "the lab host lab2 cannot be reached: ssh: connect to host 10.77.0.12 port 22: Connection refused";

beforeAll(() => far.bed.host("lab2").run("sh", "-ec", THEIRS));

test("foreign objects on a lab host are used and not deleted, and are not reported as deleted while the lab host is unreachable", async () => {
  const { bed, project, traces } = far;
  const lab2 = bed.host("lab2");
  const before = await traces();
  await project.program(PROGRAM);
  const { stdout } = await project.stack.try("up", "--yes");
  for (const said of ["5 to create", "5 created"]) expect(stdout).toContain(said);
  const [bridge] = await lab2.ip("-n", "theirs", "link", "show", "dev", "br0");
  expect(await project.stack.output("mac")).toBe(bridge.address);
  expect(await lab2.ip("-n", "theirs", "link", "show", "master", "br0")).toMatchObject([{ ifname: "v-b" }]);
  expect(await project.stack.refresh()).toEqual([]);
  const missing = `${PROGRAM} Bridge.get("none", "theirs/br9", { host: lab2 });`;
  expect((await project.failing("preview", missing)).said).toContain("lab2: Bridge theirs/br9 does not exist");

  await project.program(PROGRAM);
  await lab2.stopSshd();
  await lab2.killSessions();
  for (const verb of ["preview", "refresh"] as const) {
    const { code, stdout, stderr } = await project.stack.try(verb, ...(verb === "refresh" ? APPROVED : []));
    expect(code).not.toBe(0);
    expect(stdout + stderr).toContain(UNREACHABLE);
    expect(stdout + stderr).not.toContain("at async");
  }
  await lab2.startSshd();
  expect((await project.stack.try("up", ...APPROVED)).stdout).toContain("5 unchanged");
  await project.stack.destroy();
  await expect.poll(traces, SOON).toEqual(before);
});

test("the variable for lab hosts that are gone reaches the provider, and a program that still refers to objects there gets an error", async () => {
  const { bed, project, traces } = far;
  const [before1, before2] = await traces();
  await project.program(PROGRAM);
  await project.stack.up();
  vi.stubEnv("PULUMI_NETNS_GONE_HOSTS", "lab3,lab2");
  try {
    const { said } = await project.failing("up", PROGRAM);
    expect(said).toMatch(/lab2: PULUMI_NETNS_GONE_HOSTS names this lab host, and the program still has a \w+ on it/);
    expect(said).not.toMatch(/TypeError|at async|\(file:/);
    await project.stack.destroy();
  } finally {
    vi.unstubAllEnvs();
  }
  expect((await traces())[0]).toBe(before1);
  // Nothing has changed on the lab host itself.
  await bed.host("lab2").run("sh", "-ec", DELETE_OURS);
  await expect.poll(async () => (await traces())[1], SOON).toBe(before2);
});
