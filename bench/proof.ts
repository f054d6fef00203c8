import { setTimeout as pause } from "node:timers/promises";
import { type Sandbox, traces } from "../tools/sandbox.ts";
import type { Run } from "./columns/column.ts";
import { answer, must } from "./command.ts";
import { changed, type Lab, type Piece, resolve } from "./lab.ts";

/** Inspects the kernel by other means than the column's, and throws unless the lab exists. */
export async function proveThere(host: Sandbox, { pieces, proof }: Lab, run: Run): Promise<void> {
  if (run.recorded !== undefined) {
    await proveRecorded(run, pieces);
    return;
  }
  const { namespaces = () => named(host), inside = (name: string) => ["ip", "netns", "exec", name] } = run;
  expect("namespaces", await namespaces(), proof.namespaces);
  const ruleset = await must(host, ["nft", "list", "ruleset"]);
  expect("rules", ruleset.split("\n").filter((line) => /\bmasquerade\b/.test(line)).length, proof.rules);
  if (proof.ping === undefined) return;
  const { from, to } = proof.ping;
  // Repeats until an answer arrives: a bridge takes up to a second to detect that a port has a carrier.
  const ping = await answer(host, [...inside(from), "ping", "-c", "1", "-i", "0.2", "-w", "10", to]);
  if (ping.code !== 0) throw new Error(`no ping from ${from} to ${to}: ${ping.stdout}${ping.stderr}`);
}

/** Throws unless the change was applied. */
export async function proveChanged(host: Sandbox, lab: Lab, run: Run): Promise<void> {
  if (run.recorded !== undefined) {
    await proveRecorded(run, changed(lab));
    return;
  }
  const { seen } = lab.change;
  const said = await must(host, seen.command);
  if (!seen.says.test(said)) throw new Error(`${seen.command.join(" ")} does not say ${String(seen.says)}: ${said}`);
}

/** Waits until no object of a lab is left in the kernel. */
export async function gone(host: Sandbox, { proof }: Lab, before: string): Promise<void> {
  // Namespaces are deleted in a queue: when an additional one at its end is deleted, all of them are.
  if (proof.sealed) await queueUp(host);
  const start = performance.now();
  while (!before.includes(await links(host))) {
    await pause(5);
    if (performance.now() - start > PATIENCE) throw new Error(`links are left:\n${await links(host)}`);
  }
  const after = await traces(host);
  if (after !== before) throw new Error(`something is left:\n${after}`);
}

async function proveRecorded(run: Run, pieces: readonly Piece[]): Promise<void> {
  if (!(await run.recorded?.(resolve(pieces)))) throw new Error("the state is not what the lab is");
}

async function queueUp(host: Sandbox): Promise<void> {
  await must(host, ["ip", "netns", "add", LAST]);
  await must(host, ["ip", "link", "add", "name", LAST, "type", "veth", "peer", "name", "eth0", "netns", LAST]);
  await must(host, ["ip", "netns", "delete", LAST]);
}

const LAST = "last-one";

/** In milliseconds. */
const PATIENCE = 120_000;

// The text of `traces` contains this one.
const links = (host: Sandbox): Promise<string> => must(host, ["ip", "-oneline", "-details", "link", "show"]);

const named = async (host: Sandbox): Promise<number> =>
  (await must(host, ["ls", "/run/netns"])).split("\n").filter((line) => line !== "").length;

function expect(what: string, found: number, wanted: number): void {
  if (found !== wanted) throw new Error(`${found} ${what} where there should be ${wanted}`);
}
