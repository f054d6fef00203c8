import { placeName } from "../../inspect/place.ts";
import type { Path } from "../host.ts";
import { addressOf } from "./probe.ts";

/** The pings that were sent along a path. */
export interface Pings {
  readonly address: string;
  readonly sent: number;
  /** The round-trip times of those that were answered, in milliseconds, in ascending order. */
  readonly times: readonly number[];
}

/**
 * Sends pings along a path.
 *
 * @param pace The time between two of them, in seconds.
 */
export async function sendPings(path: Path, count: number, pace: number): Promise<Pings> {
  const { labHost, place } = path.from;
  const address = await addressOf(path);
  const words = ["-n", "-c", String(count), "-i", String(pace), "-W", "2", "--", address];
  const { stdout, stderr } = await labHost.run(place, "ping", ...words);
  const [, sent] = /(\d+) packets transmitted/.exec(stdout) ?? [];
  if (sent === undefined) throw new Error(`ping ${address} in ${placeName(place)}: ${stderr.trim()}`);
  // A packet that was duplicated on the way is answered twice.
  const answers = stdout.split("\n").filter((line) => !line.includes("DUP!"));
  const times = answers.flatMap((line) => {
    const [, time] = / time=([\d.]+) ms/.exec(line) ?? [];
    return time === undefined ? [] : [Number(time)];
  });
  return { address, sent: Number(sent), times: times.toSorted((left, right) => left - right) };
}
