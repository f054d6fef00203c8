import type { Sandbox } from "../../tools/sandbox.ts";
import type { Lab, Resolved } from "../lab.ts";

/** One way to make a lab. */
export interface Column {
  readonly name: string;
  /** What the reader of a table is to know of it. */
  readonly title: string;
  /** The column that its times are held against. */
  readonly floor?: string;
  /** Whether addresses and routes are told on the ends of cables. */
  readonly ends?: boolean;
  /** Why it does not make a lab of this kind, or not of so many pieces unless it is asked for by name. */
  cannot?(lab: string): string | undefined;
  readonly most?: number;
  /** Takes seconds for even the smallest lab, and so is measured less often. */
  readonly slow?: boolean;
  /** Why it is not to be had on this machine. */
  absent?(): string | undefined | Promise<string | undefined>;
  /** Gets ready, outside of all timing. */
  open(host: Sandbox, lab: Lab): Promise<Run>;
}

/** One lab's life in a column. Each verb gives its milliseconds; one that is left out does not exist there. */
export interface Run extends AsyncDisposable {
  create(): Promise<number>;
  noop?(): Promise<number>;
  preview?(): Promise<number>;
  refresh?(): Promise<number>;
  change?(): Promise<number>;
  destroy(): Promise<number>;
  /** Sizes in bytes, once the lab is there. */
  memory?(): Promise<number | undefined>;
  state?(): Promise<number>;
  /** Whether its records have just these pieces, for a column that makes nothing which the kernel could show. */
  recorded?(pieces: readonly Resolved[]): Promise<boolean>;
  /** The words that lead into a namespace of the lab, inside the sandbox. */
  inside?(namespace: string): readonly string[];
  /** The namespaces that there are; left out, those that `ip netns` has. */
  namespaces?(): Promise<number>;
}

/** How long something takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** For tools that make only the star here. */
export const onlyStar = (lab: string): string | undefined =>
  lab === "star" ? undefined : "measured with the star only";
