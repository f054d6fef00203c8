import { stripVTControlCharacters } from "node:util";
import type { StackView } from "../inspect/stack.ts";
import type { NamedPing } from "./named-ping.ts";
import { isReached, telling } from "./other-answers.ts";
import { otherAnswerLines } from "./other-answers-text.ts";
import { columns, paint } from "./output.ts";
import { type PacketOptions, packetWords } from "./packet-options.ts";
import { shortList } from "./short-list.ts";

/**
 * Shows which hosts reach each other: as a matrix or, if the terminal is too narrow, as a list of hosts that do not reach all.
 *
 * @param names The hosts that send pings.
 * @param to The hosts that they ping; by default the same.
 * @param missing The hosts that do not exist in the kernel.
 * @param width The width of the terminal, in characters; absent in a pipe or a file.
 * @param packet The options of the pings, for the advice.
 */
export function pingMatrix(
  { project, stack }: Pick<StackView, "project" | "stack">,
  names: readonly string[],
  pings: readonly NamedPing[],
  {
    to = names,
    missing = [],
    width = Infinity,
    packet = {},
  }: {
    to?: readonly string[];
    missing?: readonly string[];
    width?: number | undefined;
    packet?: PacketOptions;
  } = {},
): string {
  const table = matrix(names, to, pings, missing);
  const isWide = table.split("\n").some((line) => stripVTControlCharacters(line).length > width);
  const lost = pings.filter(({ ms }) => ms === undefined);
  const unsent = lost.filter((ping) => ping.unsent !== undefined);
  const elsewhere = pings.filter(({ answeredBy }) => answeredBy !== undefined).length;
  return [
    paint("dim", `${project}/${stack}${isWide ? "" : ", ms from row to column"}`),
    isWide ? unreachedHosts(names, pings, missing) : table,
    "",
    [
      `${pings.length} pings: ${pings.length - lost.length - elsewhere} answered`,
      ...(elsewhere === 0 ? [] : [`${elsewhere} by another host`]),
      ...(lost.length === 0 ? [] : [`${lost.length} not`]),
    ].join(", "),
    ...otherAnswerLines(pings),
    ...unsent.map(({ from, to, address, unsent: why }) => `${from} → ${to} ${address} was not sent: ${why}`),
    ...lost
      .filter((ping) => ping.unsent === undefined)
      .slice(0, 1)
      .map((ping) => advice(ping, packet)),
  ].join("\n");
}

export const NO_ANSWER = "no answer";

const MISSING = "not there";

export const advice = ({ from, to }: { from: string; to: string }, packet: PacketOptions): string =>
  `\`pulumi-netns trace ${from} ${to}${packetWords(packet)}\` shows where the packet is lost.`;

function matrix(
  names: readonly string[],
  receivers: readonly string[],
  pings: readonly NamedPing[],
  missing: readonly string[],
): string {
  const between = Map.groupBy(pings, ({ from, to }) => `${from}\0${to}`);
  const rows = names.map((from) => [
    paint("bold", from),
    ...receivers.map((to) =>
      from !== to && (missing.includes(from) || missing.includes(to))
        ? paint("red", MISSING)
        : cell(between.get(`${from}\0${to}`) ?? [], from === to),
    ),
  ]);
  return columns([["", ...receivers.map((name) => paint("bold", name))], ...rows]);
}

/** Returns whether one host reaches another: the longest time, if all of its addresses answer. */
function cell(sent: readonly NamedPing[], self: boolean): string {
  if (self) return paint("dim", "·");
  if (sent.length === 0) return paint("dim", "no address");
  const pings = telling(sent);
  const reached = pings.filter(isReached);
  const times = reached.flatMap(({ ms = [] }) => ms);
  if (reached.length === pings.length) return timeText(Math.max(...times), Math.max(...pings.map(({ loss }) => loss)));
  if (pings.every(({ unsent }) => unsent !== undefined)) return paint("red", "not sent");
  if (reached.length > 0) return paint("yellow", `${reached.length} of ${pings.length}`);
  const [other] = pings.flatMap(({ answeredBy = [] }) => answeredBy);
  return paint("red", other === undefined ? NO_ANSWER : `${other} answers`);
}

/** Returns the mean time of answers and, if some are missing, their share. */
export const timeText = (ms: number, loss: number, unit = ""): string =>
  loss === 0 ? paint("green", `${ms}${unit}`) : paint("yellow", `${ms}${unit}, ${loss} % lost`);

function unreachedHosts(names: readonly string[], pings: readonly NamedPing[], missing: readonly string[]): string {
  const bySource = Map.groupBy(pings, ({ from }) => from);
  const present = names.filter((name) => !missing.includes(name));
  const found = present.map((from) => {
    const own = telling(bySource.get(from) ?? []);
    const lost = own.filter((ping) => !isReached(ping));
    return { from, sent: own.length, lost: lost.length, to: shortList([...new Set(lost.map(({ to }) => to))]) };
  });
  // A host that no other host reaches takes one line, not one for each of the others.
  const alike = Map.groupBy(
    found.filter(({ lost }) => lost > 0),
    ({ sent, lost, to }) => `${sent - lost} of ${sent}\0${to}`,
  );
  const rows = [...alike.values()].map((group) => {
    const [{ sent, lost, to } = { sent: 0, lost: 0, to: "" }] = group;
    const reached = paint(lost === sent ? "red" : "yellow", `${sent - lost} of ${sent}`);
    return [paint("bold", shortList(group.map(({ from }) => from))), reached, `not ${to}`];
  });
  const absent = missing.map((name) => [paint("bold", name), paint("red", MISSING)]);
  const whole = `${found.filter(({ lost }) => lost === 0).length} of ${present.length} hosts reach all others`;
  const shown = [...rows, ...absent];
  return [...(shown.length === 0 ? [] : [columns(shown)]), `  ${paint("green", whole)}`].join("\n");
}
