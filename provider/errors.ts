import { adviceFor } from "./advice.ts";
import type { SshAddress } from "./kernel/client/ssh.ts";
import { type Command, displayCommand, shellWords } from "./kernel/command.ts";
import { type CommandResult } from "./kernel/kernel.ts";
import { UserError, withArticle, withHelp } from "./message.ts";
import { installHelp, missingTool, notInstalled } from "./missing-tool.ts";
import { resourceOf } from "./owner.ts";

/** The reason why a command failed, as far as callers distinguish reasons. */
export type Reason =
  | "lost"
  | "absent"
  | "exists"
  | "busy"
  | "denied"
  | "enslave-up"
  | "ipv6-off"
  | "unsupported"
  | "failed";

/** A command that the kernel or one of its tools rejected, with the answer and advice. */
export class KernelError extends UserError {
  override readonly name = "KernelError";
  readonly reason: Reason;
  readonly command: Command;
  /** The text with which the command failed. */
  readonly answer: string;
  /** Whether the command was interrupted, so that its effect is unknown. */
  readonly interrupted: boolean;
  /** Whether a second attempt may succeed. */
  readonly isTransient: boolean;

  constructor(command: Command, result: CommandResult) {
    const stderr = stripMountWarnings(result.stderr);
    const message = stderr.trim() || `exit code ${result.code} (no output)`;
    const tool = missingTool({ ...result, stderr });
    // Advice is about the answers of the kernel and its tools. The text of a lost connection is neither's.
    const advice = result.lost ? undefined : adviceFor(command, stderr);
    super(
      tool === undefined
        ? `${displayCommand(command)}\n  failed: ${message}`
        : `${notInstalled(tool)}\n  needed by: ${displayCommand(command)}`,
      tool === undefined ? advice : installHelp(tool),
    );
    this.reason = classifyFailure(result);
    this.command = command;
    this.answer = message;
    this.interrupted = result.signal !== undefined || result.lost !== undefined;
    this.isTransient =
      (TRANSIENT.has(this.reason) && result.lost !== "unreachable") ||
      // sysctl ends in this way if its key disappears together with the interface while the file is open.
      (command.tool === "sysctl" && result.code === 1 && stderr === "");
  }
}

const TRANSIENT: ReadonlySet<Reason> = new Set(["busy", "exists", "lost"]);

/** A lab host that cannot be reached. Nothing on it counts as deleted. */
export class UnreachableError extends UserError {
  override readonly name = "UnreachableError";
  // Pulumi prints the stack trace of some errors, in addition to their messages.
  override readonly stack = "";

  /** @param first The text with which ssh failed, and the line of help; undefined if an earlier error of this run has them. */
  constructor(host: string, first?: { readonly answer: string; readonly help: string }) {
    super(
      `the lab host ${host} cannot be reached${first === undefined ? ", see the first error about it" : `: ${first.answer}`}`,
      first?.help,
    );
  }
}

/** Returns the help of an operation of the engine on a lab host that cannot be reached. */
export const retryHelp = (host: string, address: SshAddress): string =>
  `nothing on it counts as deleted: run the same command again when \`${probe(address)}\` succeeds. If it is gone for good, ` +
  `set PULUMI_NETNS_GONE_HOSTS=${host}, and the objects on it count as deleted`;

/** Returns the command by which a user tests a connection, which asks nothing. Its text says nothing about the cause of an error. */
export const probe = ({ to, sudo }: SshAddress): string =>
  shellWords(["ssh", "-o", "BatchMode=yes", to, ...(sudo ? ["sudo", "-n", "sh", "-c", "true"] : ["true"])]);

/** A change on a lab host that the user has declared to be gone. */
export class GoneHostError extends UserError {
  override readonly name = "GoneHostError";
  override readonly stack = "";

  constructor(type: string) {
    super(
      `PULUMI_NETNS_GONE_HOSTS names this lab host, and the program still has ${withArticle(type)} on it`,
      "move the resource to another lab host, or remove it from the program",
    );
  }
}

/** A state that was copied or moved to another backend than the one from which its objects were created. */
export class MovedStateError extends UserError {
  override readonly name = "MovedStateError";

  constructor(stack: string | undefined, origin: string) {
    super(
      `the state of stack ${stack?.split("@")[0]} was written in another folder, and its objects belong to the stack in that folder`,
      `if the folder was moved, run \`PULUMI_NETNS_MOVED_FROM=${origin} pulumi up\` once. ` +
        "If it was copied, create a stack with another name: `pulumi stack init`",
    );
  }
}

/** An object that a program refers to and that does not exist. */
export class MissingError extends UserError {
  override readonly name = "MissingError";

  constructor(object: string) {
    super(`${object} does not exist`, "create it first, or correct the id");
  }
}

/** An object that cannot be imported by an id. */
export class NotImportableError extends UserError {
  constructor(type: string, id: string) {
    super(
      `${type} ${id} cannot be imported: no id leads to such an object, or the id is of another form`,
      "declare it in the program, and delete the existing object",
    );
  }
}

/** An object with keys, which an import would print. */
export class SecretImportError extends UserError {
  constructor(object: string) {
    super(
      `${object} cannot be imported: its keys are secrets, and Pulumi prints the code of an import`,
      "declare it with adopt: true, and its keys as secret configuration",
    );
  }
}

/** A delete that would also delete an object that the program declares. */
export class NeededError extends UserError {
  override readonly name = "NeededError";

  constructor(object: string, needed: string, holder: string | undefined) {
    super(
      `${object} cannot be deleted: the kernel would also delete the ${needed} of ${resourceOf(holder ?? "") ?? "another resource"}`,
      "remove that resource from the program as well, or declare what it needs, such as an address in its gateway's network",
    );
  }
}

/** Returns the message for an object that routes over an interface which the program declares down. */
export const leadsOverDown = (link: string): string =>
  withHelp(
    `interface ${link} is declared with up: false, and the kernel has no routes over an interface that is down`,
    "remove the route while the interface is down, or set up: true",
  );

/** Classifies a failure by the tool's message, since errors have no errno, only an exit code and a text. */
export function classifyFailure({ code, stderr, lost }: CommandResult): Reason {
  // The text is that of the connection, and may look like one of the kernel.
  if (lost) return "lost";
  if (code === 127) return "failed";
  const message = stripMountWarnings(stderr);
  return FAILURE_PATTERNS.find(([, spelling]) => spelling.test(message))?.[0] ?? "failed";
}

/**
 * Returns the output of a program in a namespace, without the preceding warnings of `ip netns exec` about files in /etc/netns
 * that it could not mount: it starts the program nevertheless.
 */
export const stripMountWarnings = (stderr: string): string =>
  stderr.replaceAll(/^Bind \/etc\/netns\/.* -> .* failed: .*\n?/gm, "");

// Denied comes first: a permission error must never be classified as "absent".
const FAILURE_PATTERNS: readonly (readonly [Reason, RegExp])[] = [
  // `ip netns exec` prints "No such file" about the tool that it should start.
  ["failed", /^exec of ".*" failed/m],
  ["enslave-up", /device can not be enslaved while up/i],
  ["ipv6-off", /ipv6 is disabled on (this|nexthop) device/i],
  ["denied", /operation not permitted|permission denied/i],
  ["exists", /file exists|already exists|already assigned(?! to an ipvlan)|exclusivity flag on/i],
  // Another link has the address. A step that adds an address which its own link has already does not tolerate that.
  ["busy", /resource busy|resource temporarily unavailable|already assigned to an ipvlan|address already in use/i],
  [
    "unsupported",
    /not supported|unknown device type|is a garbage|qdisc kind is unknown|tc classifier not found|failed to load tc action/i,
  ],
  [
    "absent",
    /no such (file|device|process)|(setting|reassociate to) (the network )?namespace .* failed: invalid argument|does not exist|cannot find device|address not found|cannot assign requested address|handle of zero|invalid handle|cannot find specified filter|parent qdisc doesn't exist/i,
  ],
];
