import { watch } from "node:fs";
import { stat } from "node:fs/promises";
import { type Child, startChild } from "../provider/kernel/client/child.ts";
import { NAMESPACE_FOLDER } from "../provider/kernel/client/namespace-files.ts";
import { inNamespace } from "../provider/kernel/command.ts";
import type { Place } from "./place.ts";

/** A watch of the kernel, which reports changes of links, addresses, routes and namespaces. */
export interface KernelWatch {
  /** Returns the id of a process in each place that exists. The counters of the place are in its `/proc/PID/net/dev`. */
  processes(): ReadonlyMap<Place, number>;
  close(): void;
}

/**
 * Watches places for changes, without polling: in each namespace that exists, an `ip monitor` prints the changes that the kernel reports.
 * It is killed when its namespace is deleted, because a process keeps a namespace alive.
 *
 * @param onChange Called after each change, several times for changes at the same time.
 */
export async function watchKernel(places: readonly Place[], onChange: () => void): Promise<KernelWatch> {
  const monitors = new Map<Place, Monitor>();
  let closed = false;
  const follow = async (place: Place): Promise<void> => {
    const file = await fileOf(place);
    const known = monitors.get(place);
    if (closed || known?.file === file) return;
    known?.child.kill();
    monitors.delete(place);
    if (file === undefined) return;
    const child = startChild(inNamespace(place, "ip", ["monitor", "link", "address", "route", "rule"]));
    child.stdout.on("data", onChange);
    child.stderr.resume();
    child.stdin.on("error", () => undefined);
    monitors.set(place, { child, file });
  };
  const followAll = async (): Promise<void> => {
    await Promise.all(places.map(follow));
    onChange();
  };
  await Promise.all(places.map(follow));
  const folder = places.some((place) => place !== undefined)
    ? watch(NAMESPACE_FOLDER, () => void followAll())
    : undefined;
  return {
    processes: () =>
      new Map([...monitors].flatMap(([place, { child }]) => (child.pid === undefined ? [] : [[place, child.pid]]))),
    close() {
      closed = true;
      folder?.close();
      for (const { child } of monitors.values()) child.kill();
    },
  };
}

interface Monitor {
  readonly child: Child;
  /** The inode number of the namespace, which identifies it. */
  readonly file: number;
}

/** Returns the inode number of the namespace of a place; undefined if it does not exist. */
const fileOf = (place: Place): Promise<number | undefined> =>
  stat(place === undefined ? "/proc/self/ns/net" : `${NAMESPACE_FOLDER}/${place}`).then(
    ({ ino }) => ino,
    () => undefined,
  );
