import { machine } from "node:os";
import { isInstalled } from "./run-command.ts";

/**
 * Returns the words to put before a command so that its `setgroups` calls seem to succeed: a seccomp filter answers only this call
 * and does nothing. A program that stays root (`tcpdump -Z root`) sets root's groups all the same, and fails if it may not.
 * Undefined if the lab host has no program that can install a filter.
 *
 * @param host The architecture of the lab host, and whether perl is installed there; this machine by default.
 */
export function setgroupsFilter(
  host = { machine: machine(), hasPerl: isInstalled("perl") },
): readonly string[] | undefined {
  const calls = CALLS[host.machine];
  if (calls === undefined || !host.hasPerl) return undefined;
  return ["env", "PERL_BADLANG=0", "perl", "-e", FILTER, ...calls.map(String)];
}

/** The system call numbers of `prctl` and `setgroups`, by the architectures as `uname -m` names them. */
const CALLS: Readonly<Record<string, readonly [number, number]>> = { x86_64: [157, 116], aarch64: [167, 159] };

// Loads the system call number; for setgroups, returns 0 without executing it; allows all others. Without the filter, the command
// fails on that call and reports it.
const FILTER = `
my ($prctl, $setgroups, @command) = @ARGV;
my $filter = pack "(S C C L)*", 0x20, 0, 0, 0, 0x15, 0, 1, $setgroups, 0x06, 0, 0, 0x50000, 0x06, 0, 0, 0x7fff0000;
syscall $prctl, 22, 2, pack("S x![P] P", 4, $filter);
exec @command;`;
