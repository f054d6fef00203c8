import type { WriteStream } from "node:tty";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { progress } from "../../cli/progress.ts";

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** What a stream has been told, and what a terminal would show of it: a line is wiped out from its beginning. */
function stream(isTTY: boolean) {
  const told: string[] = [];
  return {
    to: { isTTY, write: (text: string) => told.push(text) } as unknown as WriteStream,
    told,
    line: () => told.join("").split("\r\u001b[K").at(-1),
  };
}

test("a terminal sees nothing in the first second, then how far it is, and in the end nothing", () => {
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

test("what is quick leaves a terminal alone, and a pipe or a file is told nothing", () => {
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
