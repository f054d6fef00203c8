// @kernel netem
import { expect, test } from "vitest";
import { impair } from "../../inspect/impair.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

const tc = (line: string) => lab.run("tc", ...line.split(" "));
const root = async (link: string, ...at: string[]) =>
  (JSON.parse(await lab.run("tc", ...at, "-json", "qdisc", "show", "dev", link)) as any[]).find(
    ({ root: is, handle }) => is && handle !== "0:",
  );
const wire = (netem?: object, more: object = {}) => ({
  a: { name: "eth0", namespace: "red", ...(netem && { netem }), ...more },
  b: { name: "port" },
});
const inRed = () => root("eth0", "-n", "red");

test("the netem of a link is created with it, updated in place, and repaired after drift", async () => {
  const it = lab.resource("Veth", "wire");
  expect(await it.up(wire({ delay: "20ms", loss: 1 }))).toBe("create");
  const made = await inRed();
  expect(made.options).toMatchObject({ delay: { delay: 0.02 }, "loss-random": { loss: 0.01 } });
  expect(await root("port")).toBeUndefined();
  expect(await it.up(wire({ delay: 20, loss: "1%" }))).toBe("same");
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(wire({ delay: "30ms" }))).toBe("update");
  expect(await inRed()).toMatchObject({ handle: made.handle, options: { delay: { delay: 0.03 } } });
  expect((await inRed()).options["loss-random"]).toBeUndefined();

  await tc(`-n red qdisc change dev eth0 root handle ${made.handle} netem delay 90ms`);
  expect(await it.refresh()).toEqual(["a.netem.delay", "a.netem.limit"]);
  expect(await it.up(wire({ delay: "30ms" }))).toBe("update");
  await tc("-n red qdisc replace dev eth0 root tbf rate 1mbit burst 2kb latency 1s");
  expect(await it.refresh()).toEqual(["a.netem"]);
  expect(await it.up(wire({ delay: "30ms" }))).toBe("update");
  expect(await it.refresh()).toEqual([]);
  expect(await inRed()).toMatchObject({ kind: "netem", handle: made.handle });

  // A netem that was set by hand on an end without the argument is drift, too.
  await tc("qdisc add dev port root netem loss 5%");
  expect(await it.refresh()).toEqual(["b.netem"]);
  expect(it.outputs["b"]).toMatchObject({ netem: { loss: "5%" } });
  expect(await it.up(wire({ delay: "30ms" }))).toBe("update");
  expect(await root("port")).toBeUndefined();
  expect(await it.up(wire())).toBe("update");
  expect(await inRed()).toBeUndefined();
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  await expectNothingLeft();
});

test("a netem of a run without saved state is deleted by the next run if the program has none", async () => {
  await lab.resource("Veth", "wire").up(wire({ delay: "20ms" }));
  expect(await lab.nextRun().resource("Veth", "wire").up(wire())).toBe("create");
  expect(await inRed()).toBeUndefined();
});

test("a Netem resource on a link causes no drift of the link, and each of the two replaces the other's qdisc", async () => {
  await lab.resource("Veth", "wire").up(wire());
  await lab.resource("Netem", "slow").up({ interface: "eth0", namespace: "red", delay: "50ms" });
  const it = lab.nextRun().resource("Veth", "wire");
  expect(await it.up(wire(undefined, { mtu: 1400 }))).toBe("create");
  expect(await it.refresh()).toEqual([]);
  expect((await inRed()).options.delay.delay).toBe(0.05);
  expect(await it.up(wire({ delay: "10ms" }, { mtu: 1400 }))).toBe("update");
  expect((await inRed()).options.delay.delay).toBe(0.01);
  expect(await it.refresh()).toEqual([]);
  const own = lab.nextRun().resource("Netem", "slow");
  expect(await own.up({ interface: "eth0", namespace: "red", delay: "50ms" })).toBe("create");
  expect((await inRed()).options.delay.delay).toBe(0.05);
  // The qdisc of another stack is never changed.
  await tc("-n red qdisc del dev eth0 root");
  await lab
    .nextRun()
    .resource("Netem", "slow", "other")
    .up({ interface: "eth0", namespace: "red", delay: "7ms" }, { adopt: true });
  const last = lab.nextRun().resource("Veth", "wire");
  expect(await last.up(wire(undefined, { mtu: 1400 }))).toBe("create");
  expect(await last.refresh()).toEqual([]);
  await expect(last.up(wire({ delay: "10ms" }, { mtu: 1400 }))).rejects.toThrow(
    /netem of red\/eth0 cannot be set: the interface has a queueing discipline of another stack/,
  );
  expect((await inRed()).options.delay.delay).toBe(0.007);
});

test("a temporary impairment is reported as drift of the link, and the next up reverts it", async () => {
  const kernel = linux(lab.enter, lab.root);
  const at = { namespace: "red", name: "eth0" };
  const it = lab.resource("Veth", "wire");
  await it.up(wire({ delay: "20ms", loss: "1%" }));
  const made = await inRed();
  await impair(kernel, at, { delay: "80ms" });
  expect(await inRed()).toMatchObject({ handle: made.handle, options: { delay: { delay: 0.08 } } });
  expect(await it.refresh()).toEqual(["a.netem.delay", "a.netem.loss"]);
  expect(await it.up(wire({ delay: "20ms", loss: "1%" }))).toBe("update");
  expect(await impair(kernel, at, undefined)).toBe(true);
  expect(await impair(kernel, at, undefined)).toBe(false);
  expect(await inRed()).toBeUndefined();
  expect(await it.refresh()).toEqual(["a.netem"]);
  expect(await it.up(wire())).toBe("same");
  await impair(kernel, at, { loss: "3%", rate: "1mbit" });
  expect(await it.refresh()).toEqual(["a.netem"]);
  expect(await it.up(wire())).toBe("update");
  expect(await inRed()).toBeUndefined();
  await tc("-n red qdisc add dev eth0 root tbf rate 1mbit burst 2kb latency 1s");
  await expect(impair(kernel, at, { loss: "3%" })).rejects.toThrow(
    /red\/eth0 has the queueing discipline tbf[^]*delete it: tc -n red qdisc del dev eth0 root$/,
  );
});

test("the netem of a bridge is created, updated and deleted", async () => {
  const it = lab.resource("Bridge", "lan");
  expect(await it.up({ name: "br0", netem: { rate: "10mbit" } })).toBe("create");
  expect((await root("br0")).options.rate.rate).toBe(1_250_000);
  expect(await it.up({ name: "br0", netem: { rate: "20mbit" }, addresses: ["10.0.0.1/24"] })).toBe("update");
  expect(await it.refresh()).toEqual([]);
  expect(await it.up({ name: "br0" })).toBe("update");
  expect(await root("br0")).toBeUndefined();
});
