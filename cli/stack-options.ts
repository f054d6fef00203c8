import { resolve } from "node:path";
import type { Command } from "commander";
import { type LabHosts, openLabHosts } from "../inspect/lab-hosts.ts";
import { readStack, type StackPlace, type StackView } from "../inspect/stack.ts";
import { addressesOf } from "../inspect/stack-hosts.ts";
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

/** A stack's state, and the lab hosts on which its objects are. */
export interface StackLab {
  readonly view: StackView;
  readonly hosts: LabHosts;
}

/** Calls a function with the selected stack, with its secrets hidden unless `reveal` is set. */
export async function withStack<T>(
  options: StackOptions,
  work: (lab: StackLab) => Promise<T>,
  { reveal = false } = {},
): Promise<T> {
  const view = await readStack({ ...stackPlace(options), reveal });
  return withHosts(addressesOf(view), (hosts) => work({ view, hosts }));
}

/**
 * Calls a function with lab hosts, and ends the connections to them.
 *
 * @throws UserError if this machine is among them, and this process cannot enter network namespaces.
 */
export async function withHosts<T>(
  addresses: Parameters<typeof openLabHosts>[0],
  work: (hosts: LabHosts) => Promise<T>,
): Promise<T> {
  if (addresses.has(undefined)) requireNetAdmin();
  const hosts = openLabHosts(addresses);
  try {
    return await work(hosts);
  } finally {
    hosts.close();
  }
}

/** Returns the location of the selected stack. */
export const stackPlace = ({ cwd, stack }: StackOptions): StackPlace => ({ cwd: resolve(cwd), stack });
