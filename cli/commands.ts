import type { Command } from "commander";
import { exec } from "./exec.ts";
import { status } from "./status.ts";

/** What `pulumi-netns` can do, in the order of its help. Each entry adds one command. */
export const commands: readonly ((program: Command) => void)[] = [status, exec];
