import { readFile } from "node:fs/promises";
import type { Place } from "../../inspect/place.ts";
import { type Counters, countersIn, ratesBetween } from "./rates.ts";

/** Returns a function that reads the counters of all places, each from `/proc/PID/net/dev` of a process in it. */
export const countersOf = (processes: () => ReadonlyMap<Place, number>) => async (): Promise<Counters> =>
  new Map(
    (
      await Promise.all(
        [...processes()].map(async ([place, pid]) => {
          const text = await readFile(`/proc/${pid}/net/dev`, "utf8").catch(() => "");
          return countersIn(text).map(([link, bytes]) => [`${place ?? ""}/${link}`, bytes] as const);
        }),
      )
    ).flat(),
  );

/** Sends the rates once a second if they have changed, until the returned function is called. */
export function everySecond(read: () => Promise<Counters>, send: (rates: Record<string, string>) => void): () => void {
  let before: { readonly at: number; readonly counters: Counters } | undefined;
  let last = "";
  const tick = async (): Promise<void> => {
    const now = { at: performance.now(), counters: await read() };
    const rates = before === undefined ? {} : ratesBetween(before, now);
    before = now;
    if (JSON.stringify(rates) === last) return;
    last = JSON.stringify(rates);
    send(rates);
  };
  const timer = setInterval(() => void tick(), 1000);
  return () => clearInterval(timer);
}
