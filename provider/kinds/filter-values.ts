import { text, value } from "../value.ts";
import { integer, integerOr } from "../values.ts";
import { PROTOCOL_NUMBERS, type Protocol, protocolName } from "./filter-words.ts";

/** Declares a protocol, by name or number. */
export const protocol = () =>
  value<Protocol>(
    {
      what: "a protocol",
      rules: `: ${NAMES.map((name) => `"${name}"`).join(", ")}, or the number of another, e.g. 103`,
      fault: () => undefined,
    },
    (given) => {
      if (typeof given === "number")
        return Number.isInteger(given) && given >= 0 && given <= 255 ? protocolName(given) : undefined;
      return NAMES.find((name) => name === given);
    },
  );

const NAMES = Object.keys(PROTOCOL_NUMBERS) as (keyof typeof PROTOCOL_NUMBERS)[];

/** Declares a rate of packets; the normal form omits the burst that nft uses by default. */
export const limit = () =>
  text(`a rate, e.g. "10/second" or "5/minute burst 20 packets"`, (given) => {
    const parsed = parseLimit(given);
    return parsed && limitText(parsed);
  });

/** A rate of packets. */
export interface Limit {
  readonly rate: number;
  readonly per: string;
  readonly burst: number;
}

/** Returns a rate as its text. */
export const limitText = ({ rate, per, burst }: Limit): string =>
  `${rate}/${per}${burst === USUAL_BURST ? "" : ` burst ${burst} packets`}`;

function parseLimit(given: string): Limit | undefined {
  const [, rate, per = "", burst = USUAL_BURST] =
    /^(\d{1,10})\/(second|minute|hour|day|week)(?: burst (\d{1,10}) packets)?$/.exec(given) ?? [];
  const parsed = { rate: Number(rate), per, burst: Number(burst) };
  return [parsed.rate, parsed.burst].every((count) => count >= 1 && count <= 4_294_967_295) ? parsed : undefined;
}

/** The burst of a rate without one, in packets. */
const USUAL_BURST = 5;

/** Declares the mark of a packet or of a connection. */
export const mark = (what: string) => integer(what, 0, MAX_MARK, 16);

/** Declares a mark to set, or the word for the other mark, which is copied. */
export const markOr = <const Other extends string>(what: string, other: Other) =>
  integerOr(what, 0, MAX_MARK, [other], 16);

const MAX_MARK = 4_294_967_295;

/** Declares the text that the kernel puts before a logged packet. */
export const logPrefix = () =>
  text(
    {
      what: "the prefix of log lines",
      rules: `: 1 to 127 bytes on one line, without quotes and "$", e.g. "dropped: "`,
      fault: (given) => (given.includes("$") ? `it contains "$", with which nft begins a variable` : undefined),
    },
    (given) => {
      const right = given !== "" && given.isWellFormed() && !/["$\p{Cc}]/u.test(given);
      return right && Buffer.byteLength(given) <= 127 ? given : undefined;
    },
  );
