import type { WriteStream } from "node:tty";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progress } from "../../cli/progress.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Returns a stream with the texts that were written to it, and the line that a terminal would show. */
function stream(isTTY: boolean) {
  const told: string[] = [];
  return {
    to: { isTTY, write: (text: string) => told.push(text) } as unknown as WriteStream,
    told,
    line: () => told.join("").split("\r\u001b[K").at(-1),
  };
}

test("a terminal shows the progress after one second, and nothing at the end", () => {
  const { to, told, line } = stream(true);
  const { step, end } = progress("pings", to);
  step(0, 90);
  vi.advanceTimersByTime(999);
  expect(told).toEqual([]);
  step(7, 90);
  vi.advanceTimersByTime(1);
  expect(line()).toBe("7 of 90 pings …");
  step(9, 90);
  vi.advanceTimersByTime(1000);
  expect(line()).toBe("9 of 90 pings …");
  end();
  vi.advanceTimersByTime(5000);
  expect(line()).toBe("");
});

test("a short operation writes nothing to a terminal, and no operation writes to a pipe or a file", () => {
  const quick = stream(true);
  const { step, end } = progress("pings", quick.to);
  step(90, 90);
  end();
  expect(quick.told).toEqual([]);

  const pipe = stream(false);
  const piped = progress("pings", pipe.to);
  piped.step(1, 90);
  vi.advanceTimersByTime(5000);
  piped.end();
  expect(pipe.told).toEqual([]);
});
