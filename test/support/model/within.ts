import { setTimeout as pause } from "node:timers/promises";
import { Fault } from "./fault.ts";

/** Waits for the work of an event, for a limited time. */
export async function within<T>(seconds: number, at: number, work: Promise<T>): Promise<T> {
  const timer = new AbortController();
  const late = pause(seconds * 1000, undefined, { signal: timer.signal }).then(() => {
    throw new Fault(at, "time", `it takes more than ${seconds} seconds`);
  });
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}
