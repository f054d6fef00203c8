import { resolve } from "node:path";
import type { Command } from "commander";
import { readStack, type StackPlace, type StackView } from "../inspect/stack.ts";
import { linux } from "../provider/kernel/client/linux.ts";
import type { KernelClient } from "../provider/kernel/kernel.ts";
import { requireNetAdmin } from "./require-net-admin.ts";

/** How a command is told which stack it is to work on. */
export interface StackOptions {
  readonly stack?: string;
  readonly cwd: string;
}

/** Gives a command the options that name a stack. */
export const withStackOptions = (command: Command): Command =>
  command
    .option("-s, --stack <name>", "the stack (default: the selected one)")
    .option("-C, --cwd <folder>", "the folder of the Pulumi project", ".");

/** A stack's state, and the kernel that it is to be found in. */
export interface StackLab {
  readonly view: StackView;
  readonly kernel: KernelClient;
}

/** Does work on the stack that the options name, with its secrets hidden unless they are to be revealed. */
export async function withStack<T>(
  options: StackOptions,
  work: (lab: StackLab) => Promise<T>,
  { reveal = false } = {},
): Promise<T> {
  requireNetAdmin();
  return work({ view: await readStack({ ...stackPlace(options), reveal }), kernel: linux() });
}

/** Where the stack is that the options name. */
export const stackPlace = ({ cwd, stack }: StackOptions): StackPlace => ({ cwd: resolve(cwd), stack });
