import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { lifecycles } from "../../provider/host.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { Properties } from "../../provider/properties.ts";
import { inOrder, reversed } from "../graph.ts";
import type { Resolved } from "../lab.ts";
import { markFor } from "../mark.ts";
import { timed } from "./column.ts";

/** The number of operations that the engine runs at once by default: four for each processor. */
const AT_ONCE = 4 * availableParallelism();

const { before, after } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Record<string, Resolved[]>;
const lives = lifecycles(linux(), { warn: () => undefined });
const states = new Map<string, { id: string; outputs: Properties }>();

const verbs: Record<string, () => Promise<unknown>> = {
  create: () => up(before ?? []),
  noop: () => up(before ?? []),
  change: () => up(after ?? []),
  refresh: () => inOrder(free(after ?? []), AT_ONCE, refresh),
  destroy: () => inOrder(reversed(after ?? []), AT_ONCE, remove),
};

console.log("{}");
for await (const verb of createInterface({ input: process.stdin })) {
  try {
    const work = verbs[verb];
    if (work === undefined) throw new Error(`no verb ${verb}`);
    console.log(JSON.stringify({ ms: await timed(work) }));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error) }));
  }
}
// Closes everything that the kernel client keeps open.
process.exit();

function up(pieces: readonly Resolved[]): Promise<void> {
  return inOrder(pieces, AT_ONCE, bring);
}

async function bring(piece: Resolved): Promise<void> {
  const life = lifeOf(piece);
  const old = states.get(piece.name);
  const news = { ...piece.inputs, __mark: markFor(piece) };
  const { inputs, failures = [] } = life.check(old?.outputs ?? {}, news);
  if (failures.length > 0) throw new Error(`${piece.name}: ${JSON.stringify(failures)}`);
  const wanted = inputs as Properties;
  if (old === undefined) {
    const { id, outs } = await life.create(wanted);
    states.set(piece.name, { id, outputs: outs as Properties });
    return;
  }
  const { changes, replaces } = life.diff(old.id, old.outputs, wanted);
  if (replaces.length > 0) throw new Error(`${piece.name} would be replaced: ${replaces.join(", ")}`);
  if (changes)
    states.set(piece.name, {
      id: old.id,
      outputs: (await life.update(old.id, old.outputs, wanted)).outs as Properties,
    });
}

async function refresh(piece: Resolved): Promise<void> {
  const { id, outputs } = stateOf(piece);
  const seen = await lifeOf(piece).read(id, outputs);
  if (seen.id === "") throw new Error(`${piece.name} is gone`);
  states.set(piece.name, { id, outputs: seen.props as Properties });
}

/** Like the engine, omits pieces that are deleted with another piece. */
async function remove(piece: Resolved): Promise<void> {
  const { id, outputs } = stateOf(piece);
  if (piece.within === undefined) await lifeOf(piece).delete(id, outputs);
}

function stateOf({ name }: Resolved) {
  const state = states.get(name);
  if (state === undefined) throw new Error(`${name} has not been made`);
  return state;
}

function lifeOf({ kind }: Resolved) {
  const life = lives.get(kind);
  if (life === undefined) throw new Error(`no kind ${kind}`);
  return life;
}

function free(pieces: readonly Resolved[]): Resolved[] {
  return pieces.map((piece) => ({ ...piece, needs: [] }));
}
