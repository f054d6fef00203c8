import { readFileSync } from "node:fs";
import { isInstalled } from "./run-command.ts";

/** Whether this is a sandbox in which nobody can become another user, or change their groups. */
export const hasOneUser = (): boolean => readFileSync("/proc/self/setgroups", "utf8").trim() === "deny";

/**
 * The words that, put before a command, let it believe that it has changed its groups: a kernel filter answers that one call
 * and does nothing. A program that is to stay root (`tcpdump -Z root`) sets root's groups all the same, and ends where it may
 * not. Undefined where this machine has nothing that sets a filter.
 */
export function setgroupsFilter(): readonly string[] | undefined {
  const calls = CALLS[process.arch];
  if (calls === undefined || !isInstalled("perl")) return undefined;
  return ["env", "PERL_BADLANG=0", "perl", "-e", FILTER, ...calls.map(String)];
}

/** The numbers of the system calls `prctl` and `setgroups`. */
const CALLS: Readonly<Record<string, readonly [number, number]>> = { x64: [157, 116], arm64: [167, 159] };

// Load the call's number; if it is setgroups, answer 0 without doing it; allow all else. Without the filter, the command runs
// into what it was to be spared and says so.
const FILTER = `
my ($prctl, $setgroups, @command) = @ARGV;
my $filter = pack "(S C C L)*", 0x20, 0, 0, 0, 0x15, 0, 1, $setgroups, 0x06, 0, 0, 0x50000, 0x06, 0, 0, 0x7fff0000;
syscall $prctl, 22, 2, pack("S x![P] P", 4, $filter);
exec @command;`;
