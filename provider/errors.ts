import { type Command, type Outcome, show } from "./kernel/kernel.ts";
import { stackNameOf } from "./owner.ts";

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
    const said = outcome.stderr.trim() || `exit code ${outcome.code}, without a word`;
    const advice = adviceFor(outcome.stderr);
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

/** The one place that knows how each tool words each failure: errors carry no errno, only an exit code and a text. */
export function classify({ code, stderr }: Outcome): Reason {
  if (code === 127) return "failed";
  return SPELLINGS.find(([, spelling]) => spelling.test(stderr))?.[0] ?? "failed";
}

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

const adviceFor = (stderr: string): string | undefined => ADVICE.find(([said]) => said.test(stderr))?.[1];

const ADVICE: readonly (readonly [RegExp, string])[] = [
  // It comes first: what follows are words of the program, not of the kernel.
  [
    /^it ended at once\. The last lines of /,
    "put right what those lines name. A Process is to run for as long as the lab is there",
  ],
  [
    /operation not permitted|permission denied/i,
    "network changes need CAP_NET_ADMIN. Run as root, or without root in a sandbox: unshare --user --map-root-user --net --mount",
  ],
  [
    /nexthop has invalid gateway|no route to host|network is unreachable/i,
    "the gateway must be in a network that the namespace has an address in, on a link that is up. Declare that Address, or name the interface",
  ],
  [
    /cannot open network namespace|nsenter: cannot open/i,
    "there is no such namespace. If there was one, run `pulumi refresh`, and `pulumi up` makes it again",
  ],
  [
    /does not exist|cannot find device/i,
    "there is no such interface in that place. If there was one, run `pulumi refresh`, and `pulumi up` makes it again",
  ],
  [
    /no space left on device/i,
    "a limit of this machine is reached. For namespaces it is the sysctl user.max_net_namespaces: raise it, as with sysctl -w user.max_net_namespaces=100000",
  ],
  [/exchange full/i, "a bridge has at most 1023 ports. Take a second bridge, and join the two with a veth pair"],
  [
    /too many open files|resource temporarily unavailable|cannot fork/i,
    "a limit of this machine is reached: raise the open files (ulimit -n) or processes (ulimit -u) of the user who runs pulumi",
  ],
  [/not supported|unknown device type/i, "this kernel was built without that feature, or its module is not loaded"],
  [
    /ENOENT|command not found|exec of ".*" failed/,
    "install iproute2, nftables, procps and util-linux with the system's package manager",
  ],
];
