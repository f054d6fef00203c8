import { setTimeout as pause } from "node:timers/promises";
import { execa } from "execa";
import { expect, test } from "vitest";
import { SOON } from "../../tools/sandbox.ts";
import { farProjectForAll, LAN_ON_TWO_HOSTS } from "../support/far-hosts.ts";
import { pingOnce } from "../support/ping.ts";
import { isSoak } from "../support/soak.ts";

const far = farProjectForAll("killed-hosts", "lab1", "lab2");

/** The numbers of links on the two lab hosts, besides their own, at which the engine is killed. */
const POINTS = isSoak ? [1, 2, 3, 4, 5, 6] : [3];

/** Returns the number of links of the lab that exist on both lab hosts. */
async function links(): Promise<number> {
  const all = await Promise.all(["lab1", "lab2"].map((name) => far.bed.host(name).ip("link", "show")));
  return all.flat().filter(({ ifname }) => ifname.startsWith("office")).length;
}

test.each(POINTS)(
  "if the engine is killed when %s links exist on the lab hosts, the next up completes the lab",
  async (point) => {
    const { bed, project, traces } = far;
    const before = await traces();
    await project.program(LAN_ON_TWO_HOSTS);
    const run = project.stack.try("up", "--yes", "--skip-preview");
    await expect.poll(links, { interval: 20, timeout: 60_000 }).toBeGreaterThanOrEqual(point);
    await killEngine(bed.management.pid);
    expect((await run).code).not.toBe(0);
    // The provider ends with the engine, and its connections end with it.
    await expect.poll(() => bed.clients(), SOON).toEqual([]);
    await project.stack.cancel();
    await project.stack.up();
    await pingOnce(bed.host("lab1"), "red", "10.1.0.2", "-W2");
    expect(await project.stack.refresh()).toEqual([]);
    await project.stack.destroy();
    await expect.poll(traces, SOON).toEqual(before);
  },
  300_000,
);

/** Kills the engine that runs in a sandbox, and no other one. */
async function killEngine(sandbox: number): Promise<void> {
  const { stdout } = await execa("pgrep", ["--exact", "pulumi", "--ns", String(sandbox), "--nslist", "user"]);
  for (const pid of stdout.split("\n")) process.kill(Number(pid), "SIGKILL");
  await pause(100);
}
