import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { snapshotsOf } from "../../../../provider/kernel/client/snapshot.ts";
import { displayCommand } from "../../../../provider/kernel/command.ts";
import { type CommandResult, oneByOne } from "../../../../provider/kernel/kernel.ts";
import { showLink, showLinks, showRoutes } from "../../../../provider/kernel/tools/ip.ts";
import { fails, tells } from "../../script.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const LINKS = "ip -n red -json -details address show";
const ROUTE = "ip -n red -json -details -4 route show exact default table 254";
const link = (ifname: string, more: object = {}) => ({
  ifindex: 1,
  ifname,
  flags: [],
  mtu: 1500,
  addr_info: [],
  ...more,
});

/** Returns a kernel with a namespace, and the commands that it has run. */
function over(answers: Readonly<Record<string, CommandResult>> = {}) {
  const asked: string[] = [];
  const all: Record<string, CommandResult> = {
    [LINKS]: tells([link("lo"), link("eth0", { altnames: ["uplink-of-red"] })]),
    [ROUTE]: tells([{ dst: "default", gateway: "10.0.0.1" }]),
    ...answers,
  };
  const kernel = oneByOne(async (command) => {
    asked.push(displayCommand(command));
    return all[displayCommand(command)] ?? tells([link(command.subject ?? "")]);
  });
  return { asked, kernel };
}

test("concurrent queries of links in one namespace share a snapshot, which also has the default route", async () => {
  const { asked, kernel } = over();
  const glance = snapshotsOf(kernel, 0);
  const looks = ["lo", "eth0", "uplink-of-red", "eth1"].map((name) => glance((one) => showLink(one, "red", name)));
  expect((await Promise.all(looks)).map((found) => found?.ifname)).toEqual(["lo", "eth0", "eth0", undefined]);
  expect(asked).toEqual([LINKS, ROUTE]);
});

test("a running read shares its snapshot with later reads of any object", async () => {
  const { asked, kernel } = over();
  const glance = snapshotsOf(kernel, 0);
  await glance(async (one) => {
    await showLink(one, "red", "lo");
    await Promise.all(["eth0", "lo"].map((name) => glance((other) => showLink(other, "red", name))));
    await glance((other) => showRoutes(other, "red", { family: "inet", destination: "default", table: "254" }));
    await glance((other) => showLinks(other, "red"));
  });
  expect(asked).toEqual([LINKS, ROUTE]);
});

test("each namespace has its own snapshot, and links of the lab host are queried one by one", async () => {
  const { asked, kernel } = over();
  const glance = snapshotsOf(kernel, 0);
  await glance((one) =>
    Promise.all([showLink(one, "red", "lo"), showLink(one, "blue", "lo"), showLink(one, undefined, "x")]),
  );
  expect(asked.filter((line) => line.includes("address"))).toEqual([
    LINKS,
    LINKS.replace("red", "blue"),
    "ip -json -details address show dev x",
  ]);
});

test("a missing namespace is reported as absent, and a denied query as an error", async () => {
  const absent = over({ [LINKS]: fails('Cannot open network namespace "red": No such file or directory', 255) });
  expect(await snapshotsOf(absent.kernel, 0)((one) => showLink(one, "red", "lo"))).toBeUndefined();
  const denied = over({ [LINKS]: fails("Operation not permitted") });
  await expect(snapshotsOf(denied.kernel, 0)((one) => showLink(one, "red", "lo"))).rejects.toMatchObject({
    reason: "denied",
  });
});

const twice = async (pause: number, between: number, failing = false) => {
  const { asked, kernel } = over();
  const glance = snapshotsOf(kernel, pause);
  const look = () =>
    glance(async (one) => {
      await showLink(one, "red", "lo");
      if (failing) throw new Error("of the look's own");
    }).catch(() => undefined);
  await look();
  await vi.advanceTimersByTimeAsync(between);
  await look();
  return asked.length / 2;
};

test.each([
  ["immediately, without a pause,", 0, 0, false, 2],
  ["within the pause", 100, 99, false, 1],
  ["after the pause", 100, 101, false, 2],
  ["after a failure, without a pause,", 0, 0, true, 2],
])(
  "two sequential reads %s take the expected number of snapshots",
  async (_what, pause, between, failing, pictures) => {
    expect(await twice(pause, between, failing)).toBe(pictures);
  },
);

test("the pause begins at the latest read", async () => {
  const { asked, kernel } = over();
  const glance = snapshotsOf(kernel, 100);
  for (let turn = 0; turn < 5; turn += 1) {
    await glance((one) => showLink(one, "red", "lo"));
    await vi.advanceTimersByTimeAsync(60);
  }
  expect(asked).toEqual([LINKS, ROUTE]);
});
