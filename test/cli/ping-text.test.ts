import { expect, test } from "vitest";
import { type NamedPing, pingMatrix } from "../../cli/ping-text.ts";

const names = ["a b", ...Array.from({ length: 9 }, (_, index) => `host-${index}`)];

/** Returns a ping between every two hosts. The given ones are not answered. */
const pings = (...lost: string[]): NamedPing[] =>
  names.flatMap((from) =>
    names
      .filter((to) => to !== from)
      .map((to) => ({
        from,
        to,
        address: `10.0.0.${names.indexOf(to)}`,
        ms: lost.includes(`${from}>${to}`) ? undefined : 0.05,
        loss: lost.includes(`${from}>${to}`) ? 100 : 0,
      })),
  );

const told = (given: readonly NamedPing[], width?: number) =>
  pingMatrix({ project: "lab", stack: "dev" }, names, given, { width }).split("\n");

test("the pings are a matrix in a pipe, and on a terminal that is wide enough", () => {
  const lines = told(pings("host-3>host-1"));
  const [first = "", header = "", ...rows] = lines;
  expect(first).toBe("lab/dev, ms from row to column");
  expect(header.trim().split(/ {2,}/)).toEqual(names);
  expect(rows[0]).toMatch(/^ {2}a b +· +0\.05 +0\.05 /);
  expect(rows[4]).toMatch(/^ {2}host-3 +0\.05 +0\.05 +no answer +0\.05 +· /);
  const wide = Math.max(...lines.map((line) => line.length));
  expect(told(pings("host-3>host-1"), wide)).toEqual(lines);
});

test("the share of lost pings is shown beside the mean of the others", () => {
  const lossy = { from: "red", to: "blue", address: "10.0.0.2", ms: 80.2, loss: 5 };
  const lines = pingMatrix({ project: "lab", stack: "dev" }, ["red", "blue"], [lossy]).split("\n");
  expect(lines[2]).toMatch(/^ {2}red +· +80\.2, 5 % lost$/);
});

test("on a narrow terminal, the hosts that do not reach all others are listed, with equal ones in one line", () => {
  const deaf = names.flatMap((to) => [`host-7>${to}`, `${to}>host-7`]);
  const lines = told(pings("host-3>host-1", ...deaf), 80);
  expect(lines).toEqual([
    "lab/dev",
    "  a b, host-0, host-1 and 5 more  8 of 9  not host-7",
    "  host-3                          7 of 9  not host-1, host-7",
    "  host-7                          0 of 9  not a b, host-0, host-1 and 6 more",
    "  0 of 10 hosts reach all others",
    "",
    "90 pings: 71 answered, 19 not",
    "`pulumi-netns trace a b host-7` shows where the packet is lost.",
  ]);
  expect(told(pings("host-3>host-1"), 60).slice(1, 3)).toEqual([
    "  host-3  8 of 9  not host-1",
    "  9 of 10 hosts reach all others",
  ]);
  expect(told(pings(), 60)).toEqual(["lab/dev", "  10 of 10 hosts reach all others", "", "90 pings: 90 answered"]);
});

test("a missing host, and a ping that was not sent, are reported beside all others", () => {
  const given = [
    { from: "red", to: "blue", address: "10.0.0.2", ms: 0.05, loss: 0 },
    {
      from: "red",
      to: "blue",
      address: "10.0.0.255",
      ms: undefined,
      loss: 100,
      unsent: "Do you want to ping broadcast?",
    },
    {
      from: "green",
      to: "blue",
      address: "10.0.0.255",
      ms: undefined,
      loss: 100,
      unsent: "Do you want to ping broadcast?",
    },
  ];
  const of = (width?: number) =>
    pingMatrix({ project: "lab", stack: "dev" }, ["red", "blue", "green", "gone"], given, { missing: ["gone"], width });
  expect(of()).toBe(
    [
      "lab/dev, ms from row to column",
      "         red         blue       green       gone",
      "  red    ·           1 of 2     no address  not there",
      "  blue   no address  ·          no address  not there",
      "  green  no address  not sent   ·           not there",
      "  gone   not there   not there  not there   ·",
      "",
      "3 pings: 1 answered, 2 not",
      "red → blue 10.0.0.255 was not sent: Do you want to ping broadcast?",
      "green → blue 10.0.0.255 was not sent: Do you want to ping broadcast?",
    ].join("\n"),
  );
  expect(of(40).split("\n").slice(1, 5)).toEqual([
    "  red    1 of 2     not blue",
    "  green  0 of 1     not blue",
    "  gone   not there",
    "  1 of 3 hosts reach all others",
  ]);
});
