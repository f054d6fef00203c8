// @kernel netem
import { beforeEach, describe, expect, test } from "vitest";
import { lab, labForEachTest, wireRed } from "../support/lab-for-each.ts";

labForEachTest();
beforeEach(async () => {
  await wireRed("10.0.0.2/24");
  await lab.run("ip", "address", "add", "10.0.0.1/24", "dev", "port");
});

const args = (more: object = {}) => ({ interface: "port", ...more });
const tc = (line: string) => lab.run("tc", ...line.split(" "));
const root = async () =>
  (JSON.parse(await lab.run("tc", "-json", "qdisc", "show", "dev", "port")) as any[]).filter(
    ({ root: is, handle }) => is && handle !== "0:",
  );

const ALL = {
  delay: "10ms",
  jitter: "2ms",
  delayCorrelation: "25%",
  loss: "1%",
  lossCorrelation: "5%",
  duplicate: "1%",
  corrupt: "1%",
  reorder: "5%",
  gap: 5,
  rate: "1mbit",
};

test("an impairment is created, updated in place, repaired after drift, and deleted", async () => {
  const it = lab.resource("Netem", "it");
  expect(await it.up(args(ALL))).toBe("create");
  const [made] = await root();
  expect(made).toMatchObject({
    kind: "netem",
    options: {
      limit: 1000,
      delay: { delay: 0.01, jitter: 0.002, correlation: 0.25 },
      "loss-random": { loss: 0.01, correlation: 0.05 },
      duplicate: { duplicate: 0.01 },
      corrupt: { corrupt: 0.01 },
      reorder: { reorder: 0.05 },
      rate: { rate: 125_000 },
      gap: 5,
    },
  });
  expect(await it.up(args({ ...ALL, delay: 10, loss: 1, rate: 1_000_000 }))).toBe("same");
  expect(await it.refresh()).toEqual([]);

  // An option that a change omits is off, and values that tc rounds are no drift.
  const { handle } = made;
  for (const [change, shown] of [
    [{ delay: "20ms" }, { limit: 100_000, delay: { delay: 0.02, jitter: 0, correlation: 0 }, gap: 0 }],
    [{ loss: "0.5%" }, { limit: 1000, "loss-random": { loss: 0.005 } }],
    [{ delay: "10us", jitter: "1us" }, {}],
    [{ delay: "2.5ms", rate: "1234567bit" }, {}],
    [{ delay: "1.234567s", jitter: "333ms" }, {}],
    [{ delay: "274s", rate: "10000gbit" }, {}],
    [{ rate: "8bit", loss: "99.9999%", lossCorrelation: "33.3%" }, {}],
    [{ delay: "100ms", rate: "1gbit" }, { limit: 12_500 }],
    [{ delay: "0ms", loss: "0%", limit: 50 }, { limit: 50 }],
    [ALL, {}],
  ] as const) {
    expect([change, await it.up(args(change))]).toEqual([change, "update"]);
    const [now] = await root();
    expect(now.handle).toBe(handle);
    expect(now.options).toMatchObject(shown);
    expect([change, await it.refresh()]).toEqual([change, []]);
  }

  await it.up(args({ delay: "20ms" }));
  await tc(
    `qdisc change dev port root handle ${handle} netem limit 5 delay 80ms loss 3% reorder 1% 7% corrupt 2% rate 2mbit`,
  );
  expect(await it.refresh()).toEqual(["delay", "loss", "corrupt", "reorder", "rate", "limit"]);
  expect(it.outputs).toMatchObject({ delay: "80ms", loss: "3%", corrupt: "2%", reorder: "1% 7%", rate: "2mbit" });
  expect(await it.up(args({ delay: "20ms" }))).toBe("update");
  expect(Object.keys((await root())[0].options)).toEqual(["limit", "delay", "ecn", "gap"]);
  await tc(`qdisc change dev port root handle ${handle} netem limit 100000 delay 20ms loss gemodel 1% 10%`);
  expect(await it.refresh()).toEqual(["loss"]);
  expect(await it.up(args({ delay: "20ms" }))).toBe("update");
  expect(await it.refresh()).toEqual([]);
  // A change cannot switch these options off.
  await tc(`qdisc change dev port root handle ${handle} netem limit 100000 delay 20ms loss 1% ecn slot 1ms`);
  expect(await it.refresh()).toBe("gone");
  expect(await it.up(args({ delay: "20ms" }))).toBe("create");
  expect(Object.keys((await root())[0].options)).toEqual(["limit", "delay", "ecn", "gap"]);
  await tc("qdisc replace dev port root netem delay 33ms duplicate 1%");
  expect(await it.refresh()).toEqual(["delay", "duplicate", "limit"]);
  expect(await it.up(args({ delay: "20ms" }))).toBe("update");
  expect((await root())[0].handle).toBe(handle);
  await it.destroy();
  await it.destroy();
  expect(await root()).toEqual([]);
});

test("a distribution, which the kernel does not show, is known by the handle", async () => {
  const it = lab.resource("Netem", "it");
  const jitter = { delay: "10ms", jitter: "2ms", duplicate: "1%" };
  const handles = new Set<string>();
  for (const distribution of [undefined, "normal", "pareto", "paretonormal"]) {
    await it.up(args({ ...jitter, distribution }));
    expect(await it.refresh()).toEqual([]);
    expect(it.outputs["distribution"]).toBe(distribution);
    for (const { handle } of await root()) handles.add(handle);
  }
  expect(handles.size).toBe(4);
  expect(await it.up(args(jitter))).toBe("update");
  expect(handles).toContain((await root())[0].handle);
  expect(await it.refresh()).toEqual([]);
});

test("a Netem and a Tbf each replace an undeclared qdisc of the other kind", async () => {
  await lab.resource("Tbf", "before").up(args({ rate: "10mbit" }));
  expect(
    await lab
      .nextRun()
      .resource("Netem", "after")
      .up(args({ delay: "5ms" })),
  ).toBe("create");
  expect(await root()).toMatchObject([{ kind: "netem" }]);
  const again = lab.nextRun().resource("Tbf", "before");
  expect(await again.up(args({ rate: "10mbit" }))).toBe("create");
  expect(await root()).toMatchObject([{ kind: "tbf" }]);
});

describe("measurements", () => {
  const ping = async (...words: string[]) => lab.run("ping", "-q", ...words, "10.0.0.2");
  const times = (text: string) => /= ([\d.]+)\/([\d.]+)\/([\d.]+)/.exec(text)?.slice(1).map(Number) ?? [];

  test("a ping has the delay once for each direction, egress and ingress", async () => {
    await ping("-c", "1");
    const there = lab.resource("Netem", "there");
    await there.up(args({ delay: "60ms" }));
    const [once = 0] = times(await ping("-c", "5", "-i", "0.2"));
    expect(once).toBeGreaterThan(59.9);
    expect(once).toBeLessThan(110);
    await lab.resource("Netem", "back").up(args({ direction: "ingress", delay: "60ms" }));
    const [twice = 0] = times(await ping("-c", "5", "-i", "0.2"));
    expect(twice).toBeGreaterThan(119.9);
    expect(twice).toBeLessThan(200);
  });

  test("the loss of a thousand packets is within the statistical bounds of the given rate", async () => {
    await ping("-c", "1");
    await lab.resource("Netem", "it").up(args({ loss: "20%" }));
    const [, received = ""] =
      /, (\d+) received/.exec(
        await lab.try("ping", "-q", "-f", "-c", "1000", "-W", "1", "10.0.0.2").then(({ stdout }) => stdout),
      ) ?? [];
    // Six standard deviations of a binomial distribution: one run in 500 million is outside.
    const deviation = Math.sqrt(1000 * 0.2 * 0.8);
    expect(Math.abs(Number(received) - 800)).toBeLessThan(6 * deviation);
  });

  test("an update drops no packet", async () => {
    const it = lab.resource("Netem", "it");
    await it.up(args({ delay: "100ms" }));
    const pings = ping("-c", "60", "-i", "0.05");
    for (const delay of ["150ms", "50ms", "200ms", "100ms"]) {
      await new Promise((done) => setTimeout(done, 500));
      await it.up(args({ delay }));
    }
    expect(await pings).toContain("60 received");
  });
});
