import { vi } from "vitest";

/** Stands in for that of `node:timers/promises`, which fake timers leave alone: mock that module with this one. */
export const setTimeout = (wait: number) => new Promise<void>((resolve) => globalThis.setTimeout(resolve, wait));

/** Does work without its waits; gives how it ended, and after how many milliseconds it would have. */
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
