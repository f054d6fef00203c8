import { expect, test } from "vitest";
import type { Lab, LabResource } from "../support/lab.ts";
import { expectNothingLeft, lab, labByDoorForEachTest } from "../support/lab-for-each.ts";
import { Crash } from "../support/mortal.ts";

labByDoorForEachTest("plugin");

/** A program without the SDK, as the engine orders it by its property references. */
const PROGRAM: readonly (readonly [type: string, name: string, args: object])[] = [
  ["Namespace", "red", { name: "red" }],
  ["Bridge", "lan", { addresses: ["10.0.0.254/24"] }],
  ["Veth", "wire", { a: { name: "eth0", namespace: "red" }, b: { name: "port", master: "lan" } }],
  ["Address", "ip", { interface: "eth0", namespace: "red", address: "10.0.0.1/24" }],
  ["Route", "far", { interface: "eth0", namespace: "red", destination: "10.1.0.0/16", via: "10.0.0.254" }],
  ["Sysctl", "forwarding", { namespace: "red", key: "net.ipv4.ip_forward", value: "1" }],
  ["NatRule", "out", { namespace: "red", type: "masquerade", source: "10.0.0.0/24" }],
];

type States = Map<string, Pick<LabResource, "id" | "outputs">>;

async function run(on: Lab, states: States): Promise<void> {
  for (const [type, name, args] of PROGRAM) {
    const resource = on.resource(type, name);
    resource.resume(states.get(name));
    await resource.up(args);
    states.set(name, { id: resource.id, outputs: resource.outputs });
  }
}

async function each(states: States, work: (resource: LabResource) => Promise<void>): Promise<void> {
  const process = lab.nextRun();
  for (const [type, name] of PROGRAM.toReversed()) {
    const resource = process.resource(type, name);
    resource.resume(states.get(name));
    await work(resource);
  }
}

test("the next up completes an up by the plugin that dies after any of its commands", {
  timeout: 60_000,
}, async () => {
  let [commands, died] = [0, true];
  for (; died; commands += 1) {
    expect(commands).toBeLessThan(40);
    const states: States = new Map();
    died = await run(lab.nextRun(commands), states).then(
      () => false,
      (error: unknown) => {
        if (error instanceof Crash) return true;
        throw error;
      },
    );
    await run(lab.nextRun(), states);
    await each(states, async (resource) => expect(await resource.refresh()).toEqual([]));
    expect(await lab.ip("-n", "red", "route", "show", "10.1.0.0/16")).toMatchObject([{ gateway: "10.0.0.254" }]);
    await each(states, (resource) => resource.destroy());
    await expectNothingLeft();
  }
  expect(commands).toBeGreaterThan(PROGRAM.length);
});
