import { type Sandbox, sandbox, traces } from "../tools/sandbox.ts";
import { type Column, type Run, timed } from "./columns/column.ts";
import type { Lab } from "./lab.ts";
import { type LabName, labs } from "./labs/index.ts";
import { gone, proveChanged, proveThere } from "./proof.ts";
import type { Measured, Row } from "./results.ts";

/** One table of the benchmark. */
export interface Group {
  readonly lab: LabName;
  readonly size: number;
  readonly columns: readonly Column[];
  /** Whether the columns were requested by name, so that they are measured however slow they are. */
  readonly named: boolean;
  readonly rounds?: number | undefined;
}

/** Measures columns side by side, in rounds of alternating order, so that a disturbance affects all of them. */
export async function measure(group: Group, tell: (text: string) => void): Promise<Measured[]> {
  const entries = await Promise.all(group.columns.map((column) => entry(column, group)));
  const most = Math.max(...entries.map(({ rounds }) => rounds));
  for (let round = 1; round <= most; round += 1) {
    for (const one of round % 2 === 1 ? entries : entries.toReversed()) {
      if (round > one.rounds || one.measured.absent !== undefined) continue;
      tell(`${group.lab} ${group.size}, round ${round} of ${one.rounds}: ${one.column.name}`);
      await into(one, group);
    }
  }
  return entries.map(({ measured }) => measured);
}

interface Entry {
  readonly column: Column;
  readonly rounds: number;
  readonly measured: Measured;
}

async function entry(column: Column, { lab, size, named, rounds }: Group): Promise<Entry> {
  const pieces = labs[lab].make(size, { ends: column.ends ?? false }).pieces.length;
  const slow = column.most !== undefined && pieces > column.most && !named;
  const why = column.cannot?.(lab) ?? (slow ? TOO_SLOW : await column.absent?.());
  return {
    column,
    rounds: rounds ?? usual(column, size),
    measured: { lab, size, column: column.name, pieces, values: {}, ...(why !== undefined && { absent: why }) },
  };
}

const TOO_SLOW = "left out for its slowness; named with --columns it is measured";

function usual({ slow = false }: Column, size: number): number {
  if (size >= 1000) return 1;
  return slow ? (size <= 10 ? 2 : 1) : 3;
}

/** Adds the values of one run. A column that fails once has no values: its earlier ones may come from incomplete labs. */
async function into({ column, measured }: Entry, { lab, size }: Group): Promise<void> {
  try {
    for (const [row, value] of Object.entries(await life(column, lab, size)) as [Row, number][])
      (measured.values[row] ??= []).push(value);
  } catch (error) {
    measured.values = {};
    measured.absent = `failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Runs one lab from creation to deletion, in a sandbox of its own. */
async function life(column: Column, name: LabName, size: number): Promise<Values> {
  const lab = labs[name].make(size, { ends: column.ends ?? false });
  const host = await sandbox();
  try {
    const before = await traces(host);
    const run = await column.open(host, lab);
    try {
      return await verbs(host, lab, run, before);
    } finally {
      await run[Symbol.asyncDispose]();
    }
  } finally {
    await host[Symbol.asyncDispose]();
  }
}

/** Runs all verbs. Each result is verified before the next verb, so that no failure is measured. */
async function verbs(host: Sandbox, lab: Lab, run: Run, before: string): Promise<Values> {
  const found: Values = { create: await run.create() };
  await proveThere(host, lab, run);
  await perhaps("state", run.state);
  for (const verb of ["noop", "preview", "refresh"] as const) await perhaps(verb, run[verb]);
  await proveThere(host, lab, run);
  await perhaps("change", run.change);
  if (run.change !== undefined) await proveChanged(host, lab, run);
  found.destroy = await run.destroy();
  found.gone = found.destroy + (await timed(() => gone(host, lab, before)));
  await perhaps("memory", run.memory);
  return { ...found, ...run.processor?.() };

  async function perhaps(row: Row, work: (() => Promise<number | undefined>) | undefined): Promise<void> {
    const value = await work?.();
    if (value !== undefined) found[row] = value;
  }
}

type Values = Partial<Record<Row, number>>;
