import { expect, test } from "vitest";
import { driftTexts } from "../../inspect/drift.ts";
import { statusOf } from "../../inspect/status.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { LabResource } from "../support/lab.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { end, show, underlay } from "../support/vxlan-ends.ts";

labForEachTest("red", "blue");

/** Returns the drift of a tunnel as the command `status` shows it. */
async function drift({ id = "", outputs }: LabResource): Promise<readonly string[]> {
  const resource = { urn: "", type: "Vxlan", name: "left", id, parent: undefined, inputs: {}, outputs };
  const view = { project: "test", stack: "dev", resources: [resource] };
  const kernel = linux(lab.enter, lab.root);
  const [status] = await statusOf(view, { names: [undefined], on: () => ({ kernel }) });
  return status?.drift.flatMap(driftTexts) ?? [];
}

test.each<[string, { remote?: string; group?: string; dev?: string; local?: string }]>([
  ["the remote", { remote: "10.0.0.2" }],
  ["the remote, over a given interface", { remote: "10.0.0.2", dev: "eth0" }],
  ["the remote, over IPv6", { remote: "fd00::2", local: "fd00::1" }],
  ["the multicast group", { group: "239.1.1.1", dev: "eth0" }],
])("%s that was deleted from the forwarding table is drift, and restored in place", async (_what, args) => {
  await underlay();
  const left = lab.resource("Vxlan", "left");
  await left.up(end(args));
  const bridge = (words: string) => lab.run("bridge", "-n", "red", ...words.split(" "));
  const entries = () => bridge("fdb show dev vx0");
  const [{ ifindex }, before] = [await show(), await entries()];
  expect(before).toContain("dst");
  const [, entry = ""] = /^\S+ (dst .*) self permanent/m.exec(before) ?? [];
  const network = args.remote === "fd00::2" ? "fd00::" : "10.0.0.";
  for (const added of [undefined, `dst ${network}99`]) {
    await bridge(`fdb del 00:00:00:00:00:00 dev vx0 ${entry} self`);
    if (added !== undefined) await bridge(`fdb append 00:00:00:00:00:00 dev vx0 ${added} self permanent`);
    expect(await entries()).not.toContain(entry);
    const lost = args.group === undefined ? `remote ${args.remote} → none` : `group ${args.group} → none`;
    expect(await drift(left)).toEqual([added === undefined ? lost : `flood none → ["${network}99"]`]);
    expect(await left.refresh()).toEqual(["flood"]);
    expect(left.outputs["flood"]).toEqual(added === undefined ? [] : [added.replace("dst ", "")]);
    expect(await left.up(end(args))).toBe("update");
    expect(await entries()).toBe(before);
    expect(await left.refresh()).toEqual([]);
  }
  // An entry for one station, such as one that was learnt, is no drift.
  await bridge(`fdb add 02:00:00:00:00:09 dev vx0 dst ${network}7 self dynamic`);
  expect(await left.refresh()).toEqual([]);
  expect((await show()).ifindex).toBe(ifindex);
});

test("a remote that was deleted from the table is restored where another namespace is the underlay", async () => {
  await underlay();
  const left = lab.resource("Vxlan", "left");
  const args = end({ namespace: "blue", underlay: "red", remote: "10.0.0.2", dev: "eth0" });
  await left.up(args);
  const bridge = (words: string) => lab.run("bridge", "-n", "blue", ...words.split(" "));
  await bridge("fdb del 00:00:00:00:00:00 dev vx0");
  expect(await left.refresh()).toEqual(["flood"]);
  expect(await left.up(args)).toBe("update");
  expect(await bridge("fdb show dev vx0")).toContain("00:00:00:00:00:00 dst 10.0.0.2");
  expect(await left.refresh()).toEqual([]);
});
