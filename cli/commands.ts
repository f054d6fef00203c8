import type { Command } from "commander";
import { capture } from "./capture.ts";
import { clean } from "./clean.ts";
import { completion } from "./completion.ts";
import { exec } from "./exec.ts";
import { graph } from "./graph.ts";
import { impair } from "./impair.ts";
import { importLab } from "./import.ts";
import { link } from "./link.ts";
import { logs } from "./logs.ts";
import { ping } from "./ping.ts";
import { restart } from "./restart.ts";
import { sandbox } from "./sandbox.ts";
import { shell } from "./shell.ts";
import { status } from "./status.ts";
import { trace } from "./trace.ts";

/** The commands of `pulumi-netns`, in the order of its help. Each entry adds one command. */
export const commands: readonly ((program: Command) => void)[] = [
  status,
  ping,
  trace,
  exec,
  shell,
  sandbox,
  logs,
  restart,
  capture,
  link,
  impair,
  graph,
  clean,
  importLab,
  completion,
];
