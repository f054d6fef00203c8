import { inPlace } from "./damage.ts";
import { placeName } from "./fact-names.ts";
import { Fault } from "./fault.ts";
import { flatten } from "./flatten.ts";
import { runTyped } from "./ground.ts";
import type { Moment } from "./life.ts";
import type { Machines } from "./observe.ts";
import { type Reach, reachable } from "./reach.ts";

/** Checks that packets arrive across lab hosts. */
export async function expectFlow(at: number, { labs }: Moment, machines: Machines): Promise<void> {
  const far = reachable(Object.values(labs).map(flatten)).filter(({ isFar }) => isFar);
  await awaken(far, machines);
  for (const reach of far) await ping(at, reach, machines);
}

/** Lets each host send a packet: one that has moved to another lab host has another MAC address, and is found again when it sends one. */
async function awaken(reaches: readonly Reach[], machines: Machines): Promise<void> {
  await Promise.all(
    reaches.map(({ from, address }) => runTyped(machines, inPlace(from, "ping", "-c1", "-W1", address))),
  );
}

async function ping(at: number, { from, address }: Reach, machines: Machines): Promise<void> {
  const command = inPlace(from, "ping", "-c1", "-W1", address);
  for (let turn = 0; turn < 3; turn += 1) if ((await runTyped(machines, command)).code === 0) return;
  throw new Fault(at, "ping", `${address} does not answer ${placeName(from)}`);
}

/** Checks that packets arrive on a lab host: some of them, since the kernel's state has been compared. */
export async function expectNearFlow(at: number, { labs }: Moment, machines: Machines): Promise<void> {
  const near = reachable(Object.values(labs).map(flatten)).filter(({ isFar }) => !isFar);
  if (machines.size > 1) await awaken(near, machines);
  for (const reach of near.slice(0, 2)) await ping(at, reach, machines);
}
