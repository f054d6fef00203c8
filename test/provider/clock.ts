import { vi } from "vitest";

/** Replaces `setTimeout` of `node:timers/promises`, which fake timers do not replace: mock that module with this one. */
export const setTimeout = (wait: number) => new Promise<void>((resolve) => globalThis.setTimeout(resolve, wait));

/** Runs work on a fake clock; returns its result or error, and its duration in milliseconds. */
export async function timed<T>(
  work: () => Promise<T>,
): Promise<{ took: number; value: T } | { took: number; error: unknown }> {
  vi.useFakeTimers({ toFake: ["setTimeout", "Date"] });
  const begun = Date.now();
  try {
    const ended = work().then(
      (value) => ({ took: Date.now() - begun, value }),
      (error: unknown) => ({ took: Date.now() - begun, error }),
    );
    await vi.runAllTimersAsync();
    return await ended;
  } finally {
    vi.useRealTimers();
  }
}
