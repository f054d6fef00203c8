import { Address6 } from "ip-address";
import { generalKey, SYSCTL_KEYS } from "./sysctl-names.ts";

/**
 * Returns the value of a sysctl key as the kernel prints it, so that two spellings of a value are equal: numbers in decimal, lists
 * of ports in sorted ranges, one space between words. A value that the kernel does not accept is returned unchanged.
 */
export function normalizeSysctl(key: string, value: string): string {
  const words = value.trim().replaceAll(/[ \t]+/g, " ");
  const spell = SPELLINGS.find(([keys]) => keys.test(key))?.[1] ?? decimals;
  return spell(words) ?? words;
}

/**
 * Returns why a value of a sysctl key is wrong; undefined for a value that the kernel may accept. The keys that it knows are those whose
 * values are integers, as of all switches. The kernel ignores words after the integer of a switch, so they are wrong as well.
 */
export function faultOfSysctlValue(key: string, value: string): string | undefined {
  const general = generalKey(key);
  if (!SYSCTL_KEYS.has(general) || TEXTS.some((keys) => keys.test(general))) return undefined;
  const words = value.trim().split(/[ \t]+/);
  if (words.every((word) => decimal(word) !== undefined)) return undefined;
  const meant = WORDS[value.trim().toLowerCase()];
  return `its value is an integer${meant === undefined ? "" : `; use ${meant}`}`;
}

/** The numbers that a program means by a word. */
const WORDS: Readonly<Record<string, 0 | 1>> = {
  yes: 1,
  on: 1,
  true: 1,
  enable: 1,
  enabled: 1,
  no: 0,
  off: 0,
  false: 0,
  disable: 0,
  disabled: 0,
};

/** Keys whose values are not integers. */
const TEXTS: readonly RegExp[] = [
  /_congestion_control$/,
  /^net\.ipv4\.(ip_local_reserved_ports|tcp_available_ulp|tcp_fastopen_key)$/,
  /^net\.ipv6\.(conf\.IF\.stable_secret|icmp\.ratemask)$/,
  /^net\.core\.(default_qdisc|netdev_rss_key|rps_default_mask|flow_limit_cpu_bitmap)$/,
];

type Spelling = (words: string) => string | undefined;

/** Keys whose values are not words and numbers. */
const SPELLINGS: readonly (readonly [RegExp, Spelling])[] = [
  [/^net\.ipv4\.ip_local_reserved_ports$/, (text) => portRanges(text)],
  [
    /^net\.ipv6\.conf\.[^.]+\.stable_secret$/,
    (text) => (isIpv6(text) ? new Address6(text).canonicalForm() : undefined),
  ],
  [/^net\.ipv4\.tcp_fastopen_key$/, (text) => (FASTOPEN_KEYS.test(text) ? padded(text) : undefined)],
  // Processor masks are printed in hexadecimal without a prefix.
  [/_(?:bitmap|mask)$/, () => undefined],
];

const decimals = (words: string): string =>
  words
    .split(" ")
    .map((word) => decimal(word) ?? word)
    .join(" ");

/** Returns a number in decimal; undefined for a word that the kernel does not parse as a number. */
function decimal(word: string): string | undefined {
  const [, sign = "", digits = ""] = /^(-?)(0x[\da-f]+|0[0-7]*|[1-9]\d*)$/i.exec(word) ?? [];
  if (digits === "") return undefined;
  const number = BigInt(/^0[0-7]/.test(digits) ? `0o${digits}` : digits);
  return String(sign === "-" ? -number : number);
}

/** Returns a list of ports and ranges, sorted, with adjacent ones merged. */
function portRanges(text: string): string | undefined {
  const ranges = text.replace(/,$/, "").split(",").map(portRange);
  if (!ranges.every((range) => range !== undefined)) return undefined;
  const merged: [number, number][] = [];
  for (const [from, to] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last === undefined || from > last[1] + 1) merged.push([from, to]);
    else last[1] = Math.max(last[1], to);
  }
  return merged.map(([from, to]) => (from === to ? from : `${from}-${to}`)).join(",");
}

function portRange(text: string): [number, number] | undefined {
  const bounds = text.split("-").map((word) => Number(decimal(word) ?? Number.NaN));
  const [from = Number.NaN, to = from] = bounds;
  return bounds.length <= 2 && from >= 0 && from <= to && to <= 65_535 ? [from, to] : undefined;
}

const isIpv6 = (text: string): boolean => Address6.isValid(text) && !/[%/]/.test(text);

const FASTOPEN_KEYS = /^[\da-f]{1,8}(?:-[\da-f]{1,8}){3}(?:,[\da-f]{1,8}(?:-[\da-f]{1,8}){3})?$/i;

const padded = (keys: string): string => keys.toLowerCase().replaceAll(/[\da-f]+/g, (word) => word.padStart(8, "0"));
