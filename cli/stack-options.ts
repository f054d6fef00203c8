import { resolve } from "node:path";
import type { Command } from "commander";
import { readStack, type StackPlace, type StackView } from "../inspect/stack.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { requireNetAdmin } from "./require-net-admin.ts";

/** The options that select a stack. */
export interface StackOptions {
  readonly stack?: string;
  readonly cwd: string;
}

/** Adds the options that select a stack to a command. */
export const withStackOptions = (command: Command): Command =>
  command
    .option("-s, --stack <name>", "the stack (default: the selected one)")
    .option("-C, --cwd <folder>", "the folder of the Pulumi project", ".");

/** A stack's state, and the kernel in which its objects are. */
export interface StackLab {
  readonly view: StackView;
  readonly kernel: KernelClient;
}

/** Calls a function with the selected stack, with its secrets hidden unless `reveal` is set. */
export async function withStack<T>(
  options: StackOptions,
  work: (lab: StackLab) => Promise<T>,
  { reveal = false } = {},
): Promise<T> {
  requireNetAdmin();
  return work({ view: await readStack({ ...stackPlace(options), reveal }), kernel: linux() });
}

/** Returns the location of the selected stack. */
export const stackPlace = ({ cwd, stack }: StackOptions): StackPlace => ({ cwd: resolve(cwd), stack });
