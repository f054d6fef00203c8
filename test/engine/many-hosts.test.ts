import { afterAll, beforeAll, expect, test } from "vitest";
import { openProject, type Project } from "../support/project.ts";
import { openSshBed, type SshBed } from "../support/ssh-bed.ts";

let bed: SshBed;
let project: Project;
const former = process.env["PATH"];

beforeAll(async () => {
  bed = await openSshBed("lab1", "lab2");
  Object.assign(process.env, bed.env);
  project = await openProject(bed.management, "hosts");
});

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  process.env["PATH"] = former;
  delete process.env["XDG_RUNTIME_DIR"];
  await bed[Symbol.asyncDispose]();
});

const PROGRAM = `
import { LabHost, Vxlan } from "pulumi-netns";
const addresses = { lab1: "10.77.0.11", lab2: "10.77.0.12" };
const site = (name: "lab1" | "lab2", other: "lab1" | "lab2", number: number) => {
  const host = new LabHost(name);
  const red = new Namespace("red-" + name, { name: "red", host });
  const br = new Bridge("br-" + name, { name: "br0", namespace: host, mtu: 1450 });
  new Veth("cable-" + name, {
    a: { name: "eth0", namespace: red, addresses: ["10.1.0." + number + "/24"], mtu: 1450 },
    b: { name: "v-red", namespace: host, master: br, mtu: 1450 },
  });
  new Vxlan("tunnel-" + name, {
    name: "vx0", namespace: host, master: br, mtu: 1450, vni: 7, dstport: 14789, local: addresses[name], remote: addresses[other],
  });
};
site("lab1", "lab2", 1);
site("lab2", "lab1", 2);
`;

test("a LAN over two hosts lives on Pulumi's engine, also while one of them is down", async () => {
  const [lab1, lab2] = [bed.host("lab1"), bed.host("lab2")];
  const before = await Promise.all([lab1.traces(), lab2.traces()]);
  await project.program(PROGRAM);
  expect((await project.stack.try("preview")).stdout).toContain("9 to create");
  expect(await bed.clients()).toEqual([]);
  expect((await project.stack.try("up", "--yes", "--skip-preview")).stdout).toContain("9 created");
  await lab1.run("ip", "netns", "exec", "red", "ping", "-c1", "-W2", "-s", "1400", "-M", "do", "10.1.0.2");

  await lab2.stopSshd();
  await lab2.killSessions();
  expect((await project.stack.try("up", "--yes", "--skip-preview")).stdout).toContain("9 unchanged");
  const refresh = await project.stack.try("refresh", "--yes", "--skip-preview");
  expect(refresh.code).not.toBe(0);
  const said = refresh.stdout + refresh.stderr;
  expect(said).toContain(
    "the lab host lab2 cannot be reached: ssh: connect to host 10.77.0.12 port 22: Connection refused",
  );
  expect(said).not.toContain("at async");

  await lab2.startSshd();
  expect((await project.stack.try("up", "--yes", "--skip-preview")).stdout).toContain("9 unchanged");
  expect((await project.stack.try("destroy", "--yes", "--skip-preview")).code).toBe(0);
  await expect.poll(() => Promise.all([lab1.traces(), lab2.traces()])).toEqual(before);
  expect(await bed.clients()).toEqual([]);
});
