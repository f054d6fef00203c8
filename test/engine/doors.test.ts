import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { openProject } from "../support/project.ts";

const TYPESCRIPT = `
import { Lan, Process } from "pulumi-netns";

const red = new Namespace("red");
const wire = new Veth("wire", {
  a: { name: "eth0", namespace: red },
  b: { name: "port", addresses: ["10.0.0.254/24"] },
});
const address = new Address("red-ip", { interface: wire.a, address: "10.0.0.1/24" });
new Route("red-route", { namespace: red, interface: wire.a, destination: "10.1.0.0/16", via: "10.0.0.254" });
new Sysctl("forwarding", { key: "net.ipv4.ip_forward", value: "1" });
new NatRule("out", { type: "masquerade", source: "10.0.0.0/24" });
new Process("daemon", { namespace: red, command: ["sleep", "98765"] });
new Lan("office", { networks: ["10.3.0.0/24"], hosts: ["anna"] });
`;

const YAML = `
resources:
  red:
    type: netns:Namespace
  wire:
    type: netns:Veth
    properties:
      a: { name: eth0, namespace: "\${red.name}" }
      b: { name: port, addresses: [10.0.0.254/24] }
  red-ip:
    type: netns:Address
    properties: { interface: "\${wire.a.name}", namespace: "\${red.name}", address: 10.0.0.1/24 }
  red-route:
    type: netns:Route
    properties:
      namespace: \${red.name}
      interface: \${red-ip.interface}
      destination: 10.1.0.0/16
      via: 10.0.0.254
  forwarding:
    type: netns:Sysctl
    properties: { key: net.ipv4.ip_forward, value: "1" }
  out:
    type: netns:NatRule
    properties: { type: masquerade, source: 10.0.0.0/24 }
  daemon:
    type: netns:Process
    properties: { namespace: "\${red.name}", command: [sleep, "98765"] }
  office:
    type: netns:Lan
    properties: { networks: [10.3.0.0/24], hosts: [anna] }
`;

/** The objects with their own mark, which changes with the type of their resource. */
const MOVED = [
  "Bridge office",
  "Namespace anna",
  "Namespace red",
  "NatRule out",
  "Process daemon",
  "Veth office-anna",
  "Veth wire",
];

/** Records the changes of links, addresses and routes of a place that the kernel reports, until `stop()`. */
async function monitor(host: Sandbox, ...place: string[]): Promise<{ stop: () => Promise<string> }> {
  const [program = "", ...words] = [...host.enter, "ip", ...place, "monitor", "link", "address", "route"];
  const child = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  child.stdout.on("data", (text: Buffer) => (said += text.toString()));
  await once(child, "spawn");
  return {
    async stop() {
      const ended = once(child, "close");
      child.kill("SIGTERM");
      await ended;
      return said;
    },
  };
}

test("a stack moves from TypeScript to YAML and back by updates, and no object is deleted", async () => {
  await using host = await sandbox();
  const before = await traces(host);
  await using project = await openProject(host, "doors");
  const { stack, folder } = project;
  const head = `name: doors\nplugins:\n  providers:\n    - name: netns\n      path: ${REPOSITORY}bin\n`;
  const use = (text: string) => writeFile(join(folder, "Pulumi.yaml"), head + text);
  await use("runtime: nodejs\n");
  await project.program(TYPESCRIPT);
  await stack.up();
  const daemons = async () => (await host.run("pgrep", "-fx", "sleep 98765")).split("\n");

  for (const program of [`runtime: yaml\n${YAML}`, "runtime: nodejs\n"]) {
    await use(program);
    const planned = await stack.preview();
    expect(planned.filter((step) => !step.startsWith("update"))).toEqual([]);
    expect(planned).toEqual(expect.arrayContaining(MOVED.map((object) => `update ${object}`)));

    const monitors = [await monitor(host), await monitor(host, "-n", "red"), await monitor(host, "-n", "anna")];
    expect(await stack.up()).toEqual(planned);
    const seen = await Promise.all(monitors.map(({ stop }) => stop()));
    // The marks of links change, which the kernel reports; nothing is deleted.
    expect(seen.join("\n")).toMatch(/port|eth0/);
    expect(seen.join("\n")).not.toContain("Deleted");
    // The mark of a process is in its environment, so that it is restarted.
    expect(await daemons()).toHaveLength(1);
    expect(await stack.up("--refresh")).toEqual([]);
  }

  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
