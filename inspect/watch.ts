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
  const follow = async (place: Place, tries = MOUNT_TRIES): Promise<void> => {
    const file = await fileOf(place);
    const known = monitors.get(place);
    if (closed || known?.file === file) return;
    // `ip netns add` creates a file, and then mounts the namespace on it, which no event of the folder reports.
    if (file === UNMOUNTED) {
      if (tries > 0) setTimeout(() => void follow(place, tries - 1).then(onChange), MOUNT_PERIOD_MS).unref();
      return;
    }
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

const [MOUNT_TRIES, MOUNT_PERIOD_MS] = [40, 50];

/**
 * Returns the inode number of the namespace of a place: undefined if it does not exist, and {@link UNMOUNTED} if there is only its file, which may
 * also be left from a namespace that could not be created.
 */
async function fileOf(place: Place): Promise<number | undefined> {
  const own = await stat(OWN_NAMESPACE);
  if (place === undefined) return own.ino;
  const file = await stat(`${NAMESPACE_FOLDER}/${place}`).catch(() => undefined);
  return file === undefined || file.dev === own.dev ? file?.ino : UNMOUNTED;
}

const OWN_NAMESPACE = "/proc/self/ns/net";

/** No inode has this number. */
const UNMOUNTED = 0;
