import { type Sandbox, sandbox, traces } from "../tools/sandbox.ts";
import { type Column, type Run, timed } from "./columns/column.ts";
import type { Lab } from "./lab.ts";
import { type LabName, labs } from "./labs/index.ts";
import { gone, proveChanged, proveThere } from "./proof.ts";
import type { Measured, Row } from "./results.ts";

/** One table of the bench. */
export interface Group {
  readonly lab: LabName;
  readonly size: number;
  readonly rounds: number;
}

/** Measures columns side by side, in rounds whose order alternates, so that what disturbs one disturbs all. */
export async function measure(
  { lab, size, rounds }: Group,
  columns: readonly Column[],
  absent: (column: Column, pieces: number) => Promise<string | undefined>,
  tell: (text: string) => void,
): Promise<Measured[]> {
  const entries: (Measured & { column: string })[] = [];
  const able: { column: Column; values: Partial<Record<Row, number[]>> }[] = [];
  for (const column of columns) {
    const { pieces } = labs[lab].make(size, { ends: column.ends ?? false });
    const why = column.cannot?.(lab) ?? (await absent(column, pieces.length));
    const values = {};
    if (why === undefined) able.push({ column, values });
    entries.push({
      lab,
      size,
      column: column.name,
      pieces: pieces.length,
      values,
      ...(why !== undefined && { absent: why }),
    });
  }
  for (let round = 0; round < rounds; round += 1) {
    for (const { column, values } of round % 2 === 0 ? able : able.toReversed()) {
      tell(`${lab} ${size}, round ${round + 1} of ${rounds}: ${column.name}`);
      for (const [row, value] of Object.entries(await life(column, lab, size)) as [Row, number][])
        (values[row] ??= []).push(value);
    }
  }
  return entries;
}

/** One lab's life, in a sandbox of its own. */
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

/** What is done is proven before it is done further with, so that no failure is measured. */
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
  return found;

  async function perhaps(row: Row, work: (() => Promise<number | undefined>) | undefined): Promise<void> {
    const value = await work?.();
    if (value !== undefined) found[row] = value;
  }
}

type Values = Partial<Record<Row, number>>;
