// @kernel bond, netem, vlan, vlan-filtering, vrf, wireguard
import { expect, test } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { example } from "../../tools/stack.ts";
import { pingFrom } from "../support/ping.ts";
import { configured, openKernelHost } from "../support/vm/kernel-host.ts";

// The program and the provider run on this machine, and the lab is on a lab host whose kernel has queueing disciplines.
test("the example wan: a ping has the delay four times, and a change of the delay drops no packet", async () => {
  await using kernel = await openKernelHost();
  const { host, flags } = kernel;
  const before = await traces(host);
  await using stack = await kernel.openStack(example("wan"));
  await stack.up(...flags, ...configured({ delay: "20ms", loss: "0%", rate: "10mbit" }));
  const to = await stack.output("south");
  const ping = (...words: string[]) => host.run("ip", "netns", "exec", "north-host", "ping", "-q", ...words, to);
  const shortest = async (...words: string[]) => Number(/= ([\d.]+)\//.exec(await ping("-c3", ...words))?.[1]);
  await pingFrom(host, "north-host", to);
  const quick = await shortest("-i0.2");
  expect(quick).toBeGreaterThan(79);
  expect(quick).toBeLessThan(319);

  const words = ["ip", "netns", "exec", "north-host", "ping", "-q", "-i0.3", "-w60", to];
  const running = host.run("sh", "-c", 'echo $$ >/run/ping.pid; exec "$@"', "sh", ...words);
  expect(await stack.up(...configured({ delay: "80ms" }))).toEqual([
    "update Veth north-uplink",
    "update Veth south-uplink",
  ]);
  expect(await shortest()).toBeGreaterThan(319);
  await host.run("sh", "-c", "kill -s INT $(cat /run/ping.pid)");
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(await running) ?? [];
  expect(Number(sent)).toBeGreaterThan(5);
  // The last two pings may not be answered yet.
  expect(Number(sent) - Number(received)).toBeLessThan(3);
  expect(await stack.up("--refresh")).toEqual([]);
  await stack.destroy();
  await expect.poll(() => traces(host), SOON).toBe(before);
});
