import type { Sandbox } from "../../tools/sandbox.ts";
import type { Lab, Resolved } from "../lab.ts";
import type { Row } from "../results.ts";

/** A way to create a lab. */
export interface Column {
  readonly name: string;
  /** A description for the readers of a table. */
  readonly title: string;
  /** The column with which its times are compared. */
  readonly floor?: string;
  /** Whether addresses and routes are arguments of the ends of veth pairs. */
  readonly ends?: boolean;
  /** Returns why it does not support a kind of lab, or a size, unless it is requested by name. */
  cannot?(lab: string): string | undefined;
  readonly most?: number;
  /** True if even the smallest lab takes seconds, so that it is measured less often. */
  readonly slow?: boolean;
  /** Returns why it is not available on this machine. */
  absent?(): string | undefined | Promise<string | undefined>;
  /** Prepares a run, outside all measurements. */
  open(host: Sandbox, lab: Lab): Promise<Run>;
}

/** The run of one lab in a column. Each verb returns its time in milliseconds; a verb that is absent is not supported. */
export interface Run extends AsyncDisposable {
  /** Connects to the lab hosts of the lab, if it is on others than this machine. */
  connect?(): Promise<number>;
  create(): Promise<number>;
  noop?(): Promise<number>;
  preview?(): Promise<number>;
  refresh?(): Promise<number>;
  change?(): Promise<number>;
  destroy(): Promise<number>;
  /** Returns a size in bytes, after the lab was created. */
  memory?(): Promise<number | undefined>;
  state?(): Promise<number>;
  /** Returns the processor time of the verbs so far, in milliseconds. */
  processor?(): Readonly<Partial<Record<ProcessorRow, number>>>;
  /** Returns true if its records list exactly these pieces, for a column that creates no kernel objects. */
  recorded?(pieces: readonly Resolved[]): Promise<boolean>;
  /** Returns the words to put before a command in a namespace of the lab, inside the sandbox. */
  inside?(namespace: string): readonly string[];
  /** Returns the number of namespaces; by default, that of `ip netns`. */
  namespaces?(): Promise<number>;
}

/** A row with the processor time of a verb. */
export type ProcessorRow = Extract<Row, `${string}Cpu`>;

/** Measures how long a function takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Returns the `cannot` text for tools that create only the star here. */
export const onlyStar = (lab: string): string | undefined =>
  lab === "star" ? undefined : "measured with the star only";
