import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { createInterface } from "node:readline";
import { lifecycles } from "../../provider/host.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import { remoteLinux } from "../../provider/kernel/client/remote.ts";
import { overSsh } from "../../provider/kernel/client/ssh.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { onLabHosts } from "../../provider/lab-hosts.ts";
import type { Properties } from "../../provider/properties.ts";
import { inOrder, reversed } from "../graph.ts";
import type { Resolved } from "../lab.ts";
import { markFor } from "../mark.ts";
import { timed } from "./column.ts";

/** The number of operations that the engine runs at once by default: four for each processor. */
const AT_ONCE = 4 * availableParallelism();

const OPTIONS = { warn: () => undefined };

const { before, after } = JSON.parse(readFileSync(process.argv[2] ?? "", "utf8")) as Record<string, Resolved[]>;
const clients = new Map<string, KernelClient>();
const lives = onLabHosts({
  local: () => lifecycles(linux(), OPTIONS),
  remote(host, address) {
    const client = remoteLinux(overSsh(address, () => undefined));
    clients.set(host, client);
    return lifecycles(client, OPTIONS);
  },
});
const states = new Map<string, { id: string; outputs: Properties }>();

const verbs: Record<string, () => Promise<unknown>> = {
  connect,
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

/** Connects to all lab hosts. A check makes their clients known, and touches nothing. */
async function connect(): Promise<void> {
  for (const piece of before ?? []) lifeOf(piece).check({}, declared(piece));
  await Promise.all([...clients.values()].map((client) => client.run({ tool: "cat", args: ["/proc/self/status"] })));
}

function up(pieces: readonly Resolved[]): Promise<void> {
  return inOrder(pieces, AT_ONCE, bring);
}

async function bring(piece: Resolved): Promise<void> {
  const life = lifeOf(piece);
  const old = states.get(piece.name);
  const news = declared(piece);
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

/** Returns the inputs as the SDK sends them. A lab creates all of its namespaces. */
function declared(piece: Resolved): Properties {
  const isAtHome = piece.inputs["namespace"] !== undefined;
  return { ...piece.inputs, __mark: markFor(piece), ...(isAtHome && { __atHome: true }) };
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
