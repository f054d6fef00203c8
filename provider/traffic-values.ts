import { value } from "./values.ts";

/*
 * Times, percentages, rates and sizes as `tc` writes them. As text they need a unit: without one, `tc` takes a time for microseconds
 * and a rate for bits. Each has one normal form, so that the same value in another spelling is no change.
 */

/** Declares a time: text with a unit, or a number of milliseconds. The normal form is in milliseconds, such as `20ms`. */
export const milliseconds = (what: string, min: number, max: number) =>
  value(
    {
      what,
      rules: `: a time from ${min} to ${max} milliseconds in steps of 0.001, e.g. "20ms", "1.5s", or 20 for milliseconds`,
      fault: (given) => faultOfTime(given, min, max),
    },
    (given) => {
      const time = timeIn(given);
      return time !== undefined && faultOfTime(given, min, max) === undefined ? timeText(time) : undefined;
    },
  );

/** Declares a percentage: text such as `1%`, or a number. The normal form is text. */
export const percent = (what: string) =>
  value(
    {
      what,
      rules: `: a percentage from 0 to 100 in steps of 0.0001, e.g. "1%", or 1`,
      fault: (given) => faultOfPercent(given),
    },
    (given) => {
      const share = percentIn(given);
      return share !== undefined && faultOfPercent(given) === undefined ? percentText(share) : undefined;
    },
  );

/**
 * Declares a rate: text with a unit, or a number of bits a second. The normal form is text with the largest unit that fits.
 *
 * @param range The smallest and the largest rate, as text.
 */
export const rate = (range: { readonly min: string; readonly max: string }) =>
  value(
    {
      what: "a rate",
      rules: `: from ${range.min} to ${range.max} a second, e.g. "10mbit", "512kbit", or 10000000 for bits a second`,
      fault: (given) => faultOfRate(given, range),
    },
    (given) => {
      const bits = bitsIn(given);
      return bits !== undefined && faultOfRate(given, range) === undefined ? rateText(bits) : undefined;
    },
  );

/** Declares a size: text with a unit, where `kb` is 1024 bytes as in `tc`, or a number of bytes. */
export const size = (what: string) =>
  value({ what, rules: `: from 1b to 1023mb, e.g. "32kb", or 32768 for bytes`, fault: faultOfSize }, (given) => {
    const bytes = bytesIn(given);
    return bytes !== undefined && faultOfSize(given) === undefined ? sizeText(bytes) : undefined;
  });

/** Returns a time, in milliseconds, in normal form. */
export const timeText = (time: number): string => `${decimal(time, 3)}ms`;

/** Returns a percentage in normal form. */
export const percentText = (share: number): string => `${decimal(share, 4)}%`;

/** Returns a rate, in bits a second, in normal form. */
export const rateText = (bits: number): string => inLargestUnit(bits, RATE_UNITS, ["gbit", "mbit", "kbit"], "bit");

/** Returns a size, in bytes, in normal form. */
export const sizeText = (bytes: number): string => inLargestUnit(bytes, SIZE_UNITS, ["mb", "kb"], "b");

/** Returns the milliseconds of a time; undefined for what is not a time. */
export const timeIn = (given: unknown): number | undefined => amountIn(given, TIME_UNITS);

/** Returns the number of a percentage. */
export const percentIn = (given: unknown): number | undefined => amountIn(given, { "%": 1 });

/** Returns the bits a second of a rate. */
export const bitsIn = (given: unknown): number | undefined => amountIn(given, RATE_UNITS);

/** Returns the bytes of a size. */
export const bytesIn = (given: unknown): number | undefined => amountIn(given, SIZE_UNITS);

type Units = Readonly<Record<string, number>>;

const TIME_UNITS: Units = {
  ...{ s: 1000, sec: 1000, secs: 1000 },
  ...{ ms: 1, msec: 1, msecs: 1 },
  ...{ us: 0.001, usec: 0.001, usecs: 0.001 },
};
const RATE_UNITS: Units = { bit: 1, kbit: 1e3, mbit: 1e6, gbit: 1e9, tbit: 1e12 };
const SIZE_UNITS: Units = { b: 1, k: 1024, kb: 1024, m: 1024 ** 2, mb: 1024 ** 2 };

/** Returns the amount of a number, which has the unit 1, or of a text with a unit. */
function amountIn(given: unknown, units: Units): number | undefined {
  if (typeof given === "number") return Number.isFinite(given) ? given : undefined;
  if (typeof given !== "string") return undefined;
  const [, number, unit = ""] = AMOUNT.exec(given) ?? [];
  const factor = Object.hasOwn(units, unit.toLowerCase()) ? units[unit.toLowerCase()] : undefined;
  // A product such as 1.1 times 1000 is only nearly a whole number.
  return number === undefined || factor === undefined ? undefined : Number((Number(number) * factor).toPrecision(15));
}

const AMOUNT = /^(\d{1,15}(?:\.\d{1,9})?)([a-z]{1,5}|%)$/i;

const faultOfTime = (given: unknown, min: number, max: number): string | undefined =>
  faultOfText(given, `"${String(given)}ms"`) ?? faultOfAmount(timeIn(given), { min, max, unit: " ms", step: 0.001 });

const faultOfPercent = (given: unknown): string | undefined =>
  faultOfText(given, `"${String(given)}%"`) ??
  faultOfAmount(percentIn(given), { min: 0, max: 100, unit: " %", step: 0.0001 });

function faultOfRate(given: unknown, { min, max }: { readonly min: string; readonly max: string }): string | undefined {
  const [, number, prefix = ""] = (typeof given === "string" && BYTE_RATE.exec(given)) || [];
  if (number !== undefined)
    return (
      `tc reads "${prefix}bps" as bytes a second; write bits a second, such as "${Number(number) * 8}${prefix}bit", ` +
      `or "${number}${prefix}bit" if bits are meant`
    );
  const [bits, fault] = [bitsIn(given), faultOfText(given, `"${String(given)}bit"`)];
  if (fault !== undefined || bits === undefined) return fault;
  if (bits < (bitsIn(min) ?? 0)) return `it is less than ${min} a second`;
  if (typeof given === "number" && bits < SLOW)
    return `a number is a rate in bits a second; write the unit, such as "${given}mbit", or "${given}bit" if bits are meant`;
  if (bits > (bitsIn(max) ?? Infinity)) return `it is greater than ${max} a second`;
  return Number.isInteger(bits) ? undefined : "it is not a whole number of bits a second";
}

/** The bits a second below which a number is rather meant in another unit: a ping would take longer than half a second. */
const SLOW = 1000;

const BYTE_RATE = /^(\d{1,9}(?:\.\d{1,9})?)([kmgt]?)bps$/i;

const faultOfSize = (given: unknown): string | undefined =>
  faultOfText(given, `"${String(given)}b"`) ??
  faultOfAmount(bytesIn(given), { min: 1, max: 1023 * 1024 ** 2, unit: " bytes" });

const faultOfText = (given: unknown, withUnit: string): string | undefined =>
  typeof given === "string" && /^\d{1,15}(\.\d{1,9})?$/.test(given)
    ? `it is text without a unit; write it with one, such as ${withUnit}`
    : undefined;

interface Range {
  readonly min: number;
  readonly max: number;
  readonly unit: string;
  readonly step?: number;
}

function faultOfAmount(amount: number | undefined, { min, max, unit, step = 1 }: Range): string | undefined {
  if (amount === undefined) return undefined;
  if (amount < min) return `it is less than ${min}${unit}`;
  if (amount > max) return `it is greater than ${max}${unit}`;
  const steps = amount / step;
  return Math.abs(steps - Math.round(steps)) > 1e-6 ? `it is not a multiple of ${step}${unit}` : undefined;
}

const inLargestUnit = (amount: number, units: Units, larger: readonly string[], smallest: string): string => {
  const unit = larger.find((one) => amount > 0 && amount % (units[one] ?? 1) === 0) ?? smallest;
  return `${amount / (units[unit] ?? 1)}${unit}`;
};

const decimal = (amount: number, digits: number): string => String(Number(amount.toFixed(digits)));
