import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oneByOne } from "../../../provider/kernel/kernel.ts";
import { fqCodel } from "../../../provider/kinds/fq-codel.ts";
import { netem } from "../../../provider/kinds/netem.ts";
import { limitFor } from "../../../provider/kinds/netem-options.ts";
import { tbf } from "../../../provider/kinds/tbf.ts";
import { check } from "../../../provider/schema.ts";
import { bitsIn, bytesIn, percentIn, rateText, sizeText, timeIn, timeText } from "../../../provider/traffic-values.ts";

const AT = { interface: "eth0" };
const failuresOf = (checked: ReturnType<typeof check>) =>
  "failures" in checked ? checked.failures.map(({ property, reason }) => `${property}: ${reason}`) : [];

test.each([
  [{ delay: "20" }, /^delay: "20" is not a delay: it is text without a unit; write it with one, such as "20ms"/],
  [{ delay: "275s" }, /^delay: "275s" is not a delay: it is greater than 274000 ms/],
  [{ delay: 0.0001 }, /^delay: 0.0001 is not a delay: it is not a multiple of 0.001 ms/],
  [{ jitter: "1ms" }, /^jitter: "1ms" is longer than the delay, which is missing/],
  [{ delay: "1ms", jitter: "2ms" }, /^jitter: "2ms" is longer than the delay of "1ms"/],
  [{ delay: "1ms", distribution: "normal" }, /^jitter: missing: distribution is that of the jitter/],
  [{ delay: "1ms", delayCorrelation: "1%" }, /^jitter: missing: delayCorrelation applies to the jitter/],
  [{ delay: "2ms", jitter: "1ms", distribution: "uniform" }, /^distribution: "uniform" is not one of "normal"/],
  [{ lossCorrelation: "1%" }, /^loss: missing: lossCorrelation applies to the loss/],
  [{ loss: "101%" }, /^loss: "101%" is not a share of packets: it is greater than 100 %/],
  [{ loss: "1" }, /^loss: "1" is not a share of packets: it is text without a unit; write it with one, such as "1%"/],
  [
    { rate: 100 },
    /^rate: 100 is not a rate: a number is a rate in bits a second; write the unit, such as "100mbit", or /,
  ],
  [{ reorder: "1%" }, /^delay: missing: reorder sends packets without the delay/],
  [{ gap: 5 }, /^reorder: missing: gap applies to reordered packets/],
  [{ limit: 0 }, /^limit: 0 is not a number of packets: it is less than 1/],
  [{ perDestination: { to: "10.0.0.2" } }, /^perDestination: .* is not a list of settings for destinations, e\.g\. /],
  [{ perDestination: [{ delay: "1ms" }] }, /^perDestination\.0\.to: missing required argument/],
  [{ perDestination: [{ to: "10.0.0.1/24" }] }, /^perDestination\.0\.to: "10\.0\.0\.1\/24" /],
  [{ perDestination: [{ to: [] }] }, /^perDestination\.0\.to: the list is empty/],
  [{ perDestination: [{ to: "10.0.0.2", jitter: 1 }] }, /^perDestination\.0\.jitter: "1ms" is longer than the delay/],
  [{ perDestination: [{ to: "10.0.0.2", duplicate: 1 }] }, /^perDestination\.0\.duplicate: unknown argument/],
  [{ perDestination: [{ to: "::1" }, { to: ["::2", "::1"] }] }, /^perDestination: "::1\/128" is listed twice/],
  [{ duplicate: 1, perDestination: [{ to: "::1" }] }, /^duplicate: the kernel cannot duplicate packets/],
  [
    { perDestination: Array.from({ length: 16 }, (_, index) => ({ to: `10.0.${index}.0/24` })) },
    /^perDestination: there are 16 settings; an interface can have 15/,
  ],
])("a Netem with %j is refused", (given, why) => {
  expect(failuresOf(check(netem.schema, { ...AT, ...given }))).toEqual([expect.stringMatching(why)]);
});

test.each([
  [
    { rate: "10mbps" },
    /^rate: "10mbps" is not a rate: tc reads "mbps" as bytes a second; write bits a second, such as "80mbit"/,
  ],
  [{ rate: "10" }, /^rate: "10" is not a rate: it is text without a unit; write it with one, such as "10bit"/],
  [{ rate: "1kbit" }, /^rate: "1kbit" is not a rate: it is less than 8kbit a second/],
  [{ burst: "32kbit" }, /^burst: "32kbit" is not a size of the bucket/],
  [{ burst: "1mb", rate: "8kbit" }, /^burst: a bucket of "1mb" takes more than 270 seconds to fill/],
  [{ burst: "1b" }, /^burst: a bucket of "1b" is used up within two microseconds/],
  [{ rate: "100gbit", latency: "1s" }, /^latency: a queue of "1000ms" at 100gbit is larger than the kernel allows/],
  [{ latency: "1s", limit: "1kb" }, /^limit: "1kb" cannot be used with latency/],
  [{ direction: "both" }, /^direction: "both" is not one of "egress", "ingress"/],
  [{ perDestination: [{ to: "10.0.0.2" }] }, /^perDestination: only Netem has settings per destination; a rate for /],
])("a Tbf with %j is refused", (given, why) => {
  expect(failuresOf(check(tbf.schema, { ...AT, rate: "10mbit", ...given }))).toEqual([expect.stringMatching(why)]);
});

test.each([
  [{ quantum: 255 }, /^quantum: 255 is not a number of bytes: it is less than 256/],
  [{ flows: 0 }, /^flows: 0 is not a number of queues: it is less than 1/],
  [{ target: "5" }, /^target: "5" is not a delay: it is text without a unit/],
])("an FqCodel with %j is refused", (given, why) => {
  expect(failuresOf(check(fqCodel.schema, { ...AT, ...given }))).toEqual([expect.stringMatching(why)]);
});

describe("the normal form of a value", () => {
  test.each([
    [{ delay: "1s" }, { delay: "1000ms" }],
    [{ delay: 20 }, { delay: "20ms" }],
    [{ delay: "100usecs" }, { delay: "0.1ms" }],
    [{ delay: "1.1S" }, { delay: "1100ms" }],
    [{ loss: 0.1 }, { loss: "0.1%" }],
    [{ loss: "50%" }, { loss: "50%" }],
    [{ rate: 10_000_000 }, { rate: "10mbit" }],
    [{ rate: "0.5Mbit" }, { rate: "500kbit" }],
    [{ rate: "1.5gbit" }, { rate: "1500mbit" }],
    [{ rate: 1_234_567 }, { rate: "1234567bit" }],
    [
      { perDestination: [{ to: ["10.0.0.2", "fd00::2"], delay: 20 }] },
      { perDestination: [{ to: ["10.0.0.2/32", "fd00::2/128"], delay: "20ms" }] },
    ],
  ])("%j", (given, normal) => {
    expect(check(netem.schema, { ...AT, ...given })).toEqual({ args: { ...AT, direction: "egress", ...normal } });
  });

  test("has the same amount, and does not change again", () => {
    fc.assert(
      fc.property(fc.integer({ min: 8, max: 10 ** 13 }), (amount) => {
        expect(bitsIn(rateText(amount))).toBe(amount);
        expect(bytesIn(sizeText(amount))).toBe(amount);
        const time = (amount % 274_000_000) / 1000;
        expect(timeIn(timeText(time))).toBe(time);
        expect(percentIn(`${(amount % 1_000_000) / 10_000}%`)).toBe((amount % 1_000_000) / 10_000);
      }),
    );
  });
});

test.each([
  [{ burst: "1500b" }, 1500, /^burst "1500b" is less than the largest packet [^]*help: set burst to at least "1518b"/],
  [{ burst: "4kb" }, 9000, /^burst "4kb" is less than/],
  [{ limit: "1kb" }, 1500, /^limit "1kb" is less than/],
])("a Tbf with %j warns on an interface with the MTU %i", async (given, mtu, why) => {
  const link = JSON.stringify([{ ifindex: 2, ifname: "eth0", flags: [], mtu }]);
  const kernel = oneByOne(() => Promise.resolve({ code: 0, stdout: link, stderr: "" }));
  const wanted = (more: object) => ({ ...AT, direction: "egress" as const, rate: "10mbit", ...more });
  expect(await tbf.warn?.(kernel, wanted(given))).toMatch(why);
  expect(await tbf.warn?.(kernel, wanted({ burst: "10kb" }))).toBeUndefined();
});

test("the queue has room for the packets that arrive during the delay", () => {
  expect(limitFor({})).toBe(1000);
  expect(limitFor({ rate: "10mbit" })).toBe(1000);
  expect(limitFor({ delay: "20ms" })).toBe(100_000);
  expect(limitFor({ delay: "100ms", rate: "1gbit" })).toBe(12_500);
  expect(limitFor({ delay: "100ms", jitter: "100ms", rate: "1gbit" })).toBe(50_000);
  expect(limitFor({ delay: "274s", rate: "10000gbit" })).toBe(1_000_000);
});
