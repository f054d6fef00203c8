import { expect, test } from "vitest";
import { pagePings } from "../../cli/serve/page-pings.ts";

test("the page gets who answers each ping, and which pings tell whether a host is reached", () => {
  const ping = { from: "h1", address: "169.254.1.1", ms: 0.1, loss: 0 };
  const told = pagePings(
    [
      { ...ping, to: "leaf2" },
      { ...ping, to: "leaf2", address: "10.255.0.2" },
      { ...ping, to: "leaf3" },
      { ...ping, to: "leaf4", ms: undefined, loss: 100 },
    ],
    [{ answeredBy: ["leaf1"], isShared: true }, {}, { answeredBy: ["leaf1"], isShared: true }, {}],
    new Map(["h1", "leaf2", "leaf3", "leaf4"].map((name) => [name, name])),
  );
  expect(told.map(({ to, ms, other, isReached, isTelling }) => [to, ms, other, isReached, isTelling])).toEqual([
    ["leaf2", 0.1, "answered by leaf1", false, false],
    ["leaf2", 0.1, undefined, true, true],
    ["leaf3", 0.1, "answered by leaf1", false, true],
    ["leaf4", null, undefined, false, true],
  ]);
});
