import { expect, test } from "vitest";
import { impairmentOf } from "../../inspect/impairments.ts";

const impairment = {
  text: "5 ms",
  perDestination: [
    { to: ["10.0.0.2/32", "fd00::2/128"], text: "40 ms" },
    { to: ["10.0.0.3/32"], text: undefined },
    { to: ["10.0.0.0/24", "u32 filter 8"], text: "80 ms" },
  ],
};

test.each([
  ["10.0.0.2", "40 ms for packets to 10.0.0.2"],
  ["fd00::2", "40 ms for packets to fd00::2"],
  ["10.0.0.3", undefined],
  ["10.0.0.9", "80 ms for packets to 10.0.0.9"],
  ["10.0.1.1", "5 ms"],
  ["fd00::3", "5 ms"],
])("a packet to %s has the impairment %s", (destination, text) => {
  expect(impairmentOf(impairment, destination)).toBe(text);
});
