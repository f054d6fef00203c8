import { expect, test } from "vitest";
import type { NamedPing } from "../../cli/named-ping.ts";
import { pingMatrix } from "../../cli/ping-text.ts";

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

/** Returns a ping to 10.0.0.2, which is answered. */
const answered = (from: string, to: string, more: Partial<NamedPing>): NamedPing => ({
  ...{ from, to, address: "10.0.0.2", ms: 0.05, loss: 0 },
  ...more,
});

const SHARED_HELP =
  "  help: the program gives this address to each of these hosts. If that is intended, only one of them can be reached by it from there; else give one of them another address";

test("a host for which another one answers counts as not reached", () => {
  const other = { answeredBy: ["red2"], isShared: true };
  const given = [
    answered("red1", "red2", {}),
    answered("red1", "blue2", other),
    answered("red3", "blue2", other),
    answered("red3", "red2", { mayBeAnsweredBy: ["blue2", "green"], isShared: true }),
    answered("red2", "red1", { address: "10.0.0.1", answeredBy: ["green"], isShared: false }),
    answered("red2", "red1", { address: "10.0.0.9" }),
  ];
  const names = ["red1", "red2", "red3", "blue2"];
  const of = (width?: number) => pingMatrix({ project: "lab", stack: "dev" }, names, given, { width }).split("\n");
  expect(of()).toEqual([
    "lab/dev, ms from row to column",
    "         red1        red2        red3        blue2",
    "  red1   ·           0.05        no address  red2 answers",
    "  red2   1 of 2      ·           no address  no address",
    "  red3   no address  0.05        ·           red2 answers",
    "  blue2  no address  no address  no address  ·",
    "",
    "6 pings: 3 answered, 3 by another host",
    "red1, red3 → blue2 10.0.0.2 is answered by red2, which has that address too",
    "red3 → red2 10.0.0.2 may be answered by blue2 or green, which have that address too",
    SHARED_HELP,
    "red2 → red1 10.0.0.1 is answered by green, which has that address too",
    "  help: `pulumi-netns trace red2 red1` shows the interface that has the address too",
  ]);
  expect(of(30).slice(1, 4)).toEqual([
    "  red1, red3  1 of 2  not blue2",
    "  red2        1 of 2  not red1",
    "  1 of 4 hosts reach all others",
  ]);
});

test("an address that the program gives several hosts does not count beside others of a host", () => {
  const gateway = { address: "169.254.1.1", answeredBy: ["leaf1"], isShared: true };
  const given = [
    answered("h1", "leaf1", { address: "169.254.1.1" }),
    answered("h1", "leaf2", gateway),
    answered("h1", "leaf2", { address: "10.255.0.2", ms: 0.07 }),
    answered("h1", "leaf3", gateway),
    answered("h1", "leaf3", { address: "10.255.0.3", ms: undefined, loss: 100 }),
  ];
  const lines = pingMatrix({ project: "lab", stack: "dev" }, ["h1"], given, { to: ["leaf1", "leaf2", "leaf3"] });
  expect(lines.split("\n").slice(2)).toEqual([
    "  h1  0.05   0.07   no answer",
    "",
    "5 pings: 2 answered, 2 by another host, 1 not",
    "169.254.1.1 belongs to several hosts by the program; the answers of another one than the pinged one, 2 here, do not count",
    "`pulumi-netns trace h1 leaf3` shows where the packet is lost.",
  ]);
});
