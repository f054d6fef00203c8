import { adviceFor } from "./advice.ts";
import { type Command, show } from "./kernel/command.ts";
import { type Outcome } from "./kernel/kernel.ts";
import { resourceOf, stackNameOf } from "./owner.ts";

/** Why a command failed, as far as a caller may act on it. */
export type Reason = "absent" | "exists" | "busy" | "denied" | "ipv6-off" | "unsupported" | "failed";

/** A command that the kernel or one of its tools refused: what was run, what was answered, what to do. */
export class KernelError extends Error {
  override readonly name = "KernelError";
  readonly reason: Reason;
  readonly command: Command;
  /** Whether nobody knows if the command did its work: something ended it. */
  readonly interrupted: boolean;

  constructor(command: Command, outcome: Outcome) {
    const stderr = withoutMounts(outcome.stderr);
    const said = stderr.trim() || `exit code ${outcome.code}, without a word`;
    const advice = adviceFor(command, stderr);
    super(`${show(command)}\n  failed: ${said}${advice === undefined ? "" : `\n  what to do: ${advice}`}`);
    this.reason = classify(outcome);
    this.command = command;
    this.interrupted = outcome.signal !== undefined;
  }
}

/** An object that the program asks for and that is not managed by the stack. */
export class ForeignError extends Error {
  override readonly name = "ForeignError";

  /**
   * @param object The object, as an error names it.
   * @param found The mark that it bears.
   * @param own The mark of the resource that asks for it.
   * @param sameKind Whether it is an object of the resource's kind, which `adopt` can take over.
   */
  constructor(object: string, found: string | undefined, own: string, sameKind: boolean) {
    const adopt = sameKind
      ? ", or take it over with adopt: true"
      : "; it is of another kind, so it cannot be taken over";
    const owner = stackNameOf(found);
    super(
      `${object} exists already and ${ownerOf(found, own)}.\n` +
        `  what to do: give this resource another name, or remove the one that is there${owner === undefined ? "" : ` with that stack's own program`}${adopt}.`,
    );
  }
}

function ownerOf(found: string | undefined, own: string): string {
  const owner = stackNameOf(found);
  if (owner === undefined) return "nothing marks it as made by pulumi-netns";
  return owner === stackNameOf(own)
    ? `belongs to another stack called ${owner}, whose state lies in another backend`
    : `belongs to the stack ${owner}`;
}

/** A state that was copied or moved to another backend than the one in which its objects were made. */
export class MovedStateError extends Error {
  override readonly name = "MovedStateError";

  constructor(stack: string | undefined, origin: string) {
    super(
      `this state of the stack ${stack?.split("@")[0]} was written in another folder, and the objects belong to the stack there.\n` +
        `  what to do: if the folder was moved, run \`PULUMI_NETNS_MOVED_FROM=${origin} pulumi up\` once. ` +
        "If it was copied, begin with a new state: `pulumi stack init` with another name",
    );
  }
}
/** An object that is to be deleted while another one, which the program declares, would go with it. */
export class NeededError extends Error {
  override readonly name = "NeededError";

  constructor(object: string, needed: string, holder: string | undefined) {
    super(
      `${object} cannot be deleted: the ${needed} of ${resourceOf(holder ?? "") ?? "another resource"} would go with it.\n` +
        "  what to do: leave that resource out as well, or declare what it needs, such as an address in its gateway's network",
    );
  }
}

/** What is wrong where two resources of one program claim the same object; the holder is the mark of the first of them. */
export function claimedTwice(claim: string, holder: string): string {
  const remedy = REMEDIES.find(([claims]) => claims.test(claim))?.[1] ?? "give one of them another name";
  return `two resources of this program ask for the same ${claim}; the other is ${resourceOf(holder)}.\n  what to do: ${remedy}`;
}

/** What is wrong where an object leads over an interface that the program declares to be down. */
export const leadsOverDown = (link: string): string =>
  `the interface ${link} is declared with up: false, and the kernel has no route over an interface that is down.\n` +
  "  what to do: leave the route out while the interface is down, or set up: true";

/** How two resources get out of each other's way that claim the same, where a name does not tell them apart. */
const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^route /,
    "give one of them another metric, or another table. Of routes to one destination the lowest metric is used",
  ],
  [/^(address|sysctl) /, "leave one of them out"],
  [/^hosts /, "put what both say into one of them"],
];

/** The one place that knows how each tool words each failure: errors carry no errno, only an exit code and a text. */
export function classify({ code, stderr }: Outcome): Reason {
  if (code === 127) return "failed";
  const said = withoutMounts(stderr);
  return SPELLINGS.find(([, spelling]) => spelling.test(said))?.[0] ?? "failed";
}

/**
 * What a program said in a namespace, without what `ip netns exec` says before it of a file in /etc/netns that it could not
 * mount: it starts the program all the same.
 */
export const withoutMounts = (stderr: string): string =>
  stderr.replaceAll(/^Bind \/etc\/netns\/.* -> .* failed: .*\n?/gm, "");

// Denied comes first: a permission error must never be read as "it is not there".
const SPELLINGS: readonly (readonly [Reason, RegExp])[] = [
  // `ip netns exec` says "No such file" of the tool that it was to start.
  ["failed", /^exec of ".*" failed/m],
  ["ipv6-off", /ipv6 is disabled on this device/i],
  ["denied", /operation not permitted|permission denied/i],
  ["exists", /file exists|already assigned/i],
  ["busy", /resource busy|resource temporarily unavailable/i],
  ["unsupported", /not supported|unknown device type|is a garbage/i],
  [
    "absent",
    /no such (file|device|process)|(setting|reassociate to) (the network )?namespace .* failed: invalid argument|does not exist|cannot find device|address not found|cannot assign requested address/i,
  ],
];
