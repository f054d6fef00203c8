import * as pulumi from "@pulumi/pulumi";
import * as v from "valibot";
import { isHost, parseIp } from "../../provider/cidr.ts";
import { plainArgs } from "../plain-args.ts";
import { perProgram } from "../program.ts";
import { programError } from "../program-error.ts";
import { described, flag, instance, mistakesIn, number, type Shape, text } from "./component-args.ts";

/** Arguments of a {@link LabHost}. */
export interface LabHostArgs {
  /**
   * The destination that ssh gets: a `Host` of its configuration, `user@address` or `ssh://user@address:port`.
   *
   * @default the name of the lab host
   */
  ssh?: string;
  /**
   * Whether commands on the lab host run through `sudo -n`. The user of the connection must be allowed to do that without a password.
   *
   * @default false
   */
  sudo?: boolean;
  /**
   * The address at which the other lab hosts reach this one, for a {@link Link} or {@link Lan} across lab hosts. It may be the address of
   * a tunnel between them, such as that of a VPN.
   *
   * @default the address in `ssh`; none if `ssh` has a name instead
   */
  address?: string;
  /**
   * The MTU between this lab host and the others, in bytes. Links across lab hosts have 50 bytes less, and 70 if `address` is IPv6;
   * with `secure`, 110 or 130.
   *
   * @default 1500
   */
  mtu?: number;
  /**
   * The first of the 10000 UDP ports of this lab host among which the tunnels of a {@link Link} or {@link Lan} with `secure` have theirs. Set it
   * if a tunnel of another stack, or another program, has the port of one of them.
   *
   * @default 20000
   */
  firstSecurePort?: number;
}

/**
 * A machine on which a part of the lab is, and which is reached by ssh. It needs no agent and no Node, only `sh`, `iproute2` and the other
 * tools that its resources use. Keys, users, ports and jump hosts are in the configuration and the agent of ssh, never in the program
 * or the state. ssh asks no questions: the key of the host must be known, and the key of the user must be available without one.
 *
 * Wherever a resource takes a namespace, a LabHost is that machine's own network stack. Objects in a namespace follow it. A LabHost is not a
 * resource: nothing is created for it. Its name is in the marks of its objects, so another name replaces them; another `ssh` does not.
 *
 * @throws Error if another LabHost has the same name or the same `ssh`.
 *
 * @example
 * const lab2 = new LabHost("lab2", { ssh: "ada@192.168.1.12", sudo: true });
 * const red = new Namespace("red", { host: lab2 });
 * const br = new Bridge("br0", { namespace: lab2, addresses: ["10.0.0.1/24"] });
 */
export class LabHost {
  /** The name of the lab host. */
  readonly name: string;
  /** The destination that ssh gets. */
  readonly ssh: string;
  /** Whether commands run through `sudo -n`. */
  readonly sudo: boolean;
  /** The address at which the other lab hosts reach this one; undefined if it is not known. */
  readonly address: string | undefined;
  /** The MTU between this lab host and the others, in bytes. */
  readonly mtu: number;
  /** The first of the UDP ports among which the tunnels of networks with `secure` have theirs. */
  readonly firstSecurePort: number;

  constructor(name: string, given: LabHostArgs = {}) {
    const args = plainArgs("LabHost", name, given);
    const mistakes = mistakesIn(args, LAB_HOST_ARGS);
    if (mistakes.length > 0)
      throw programError(
        `LabHost ${name}: ${[...new Set(mistakes.map(({ line }) => line))].join("\n")}`,
        helpFor(args),
      );
    const { ssh = name, sudo = false, address = addressIn(ssh) } = args;
    const { mtu = USUAL_MTU, firstSecurePort = USUAL_SECURE_PORT } = args;
    if (!NAME.test(name))
      throw programError(
        `LabHost ${JSON.stringify(name)} is not a valid name: up to 63 letters, digits, ".", "_" or "-", beginning with a letter or digit`,
        'give the address by ssh: new LabHost("lab2", { ssh: "ada@192.168.1.12" })',
      );
    if (!DESTINATION.test(ssh))
      throw programError(
        `LabHost ${name}: ssh is ${JSON.stringify(ssh)}, and must be a destination of ssh without spaces`,
        'use a Host of the configuration of ssh, or an address such as "ada@192.168.1.12"',
      );
    if (HOST_AND_PORT.test(ssh))
      throw programError(
        `LabHost ${name}: ssh is ${JSON.stringify(ssh)}, and ssh takes a port in a URI alone`,
        `use "ssh://${ssh}", or a Host of the configuration of ssh with a Port`,
      );
    if (address !== undefined && (parseIp(address) === undefined || !isHost(address)))
      throw programError(
        `LabHost ${name}: address is ${JSON.stringify(address)}, and must be the IP address of a host, without a prefix length`,
        'for example new LabHost("lab2", { address: "192.168.1.12" })',
      );
    if (!Number.isInteger(mtu) || mtu < SMALLEST_MTU || mtu > LARGEST_MTU)
      throw programError(
        `LabHost ${name}: mtu is ${JSON.stringify(mtu)}, and must be a whole number from ${SMALLEST_MTU} to ${LARGEST_MTU}`,
      );
    if (!Number.isInteger(firstSecurePort) || firstSecurePort < 1024 || firstSecurePort > LARGEST_SECURE_PORT)
      throw programError(
        `LabHost ${name}: firstSecurePort is ${JSON.stringify(firstSecurePort)}, and must be a whole number from 1024 to ${LARGEST_SECURE_PORT}`,
      );
    this.name = name;
    this.ssh = ssh;
    this.sudo = sudo;
    this.address = address === undefined ? undefined : parseIp(address);
    this.mtu = mtu;
    this.firstSecurePort = firstSecurePort;
    for (const other of labHosts()) refuseSame(this, other);
    labHosts().push(this);
  }
}

const LAB_HOST_ARGS: Shape<LabHostArgs> = {
  ssh: text,
  sudo: flag,
  address: text,
  mtu: number,
  firstSecurePort: number,
};

function helpFor(args: object): string {
  return Object.values(args).some((value) => pulumi.Output.isInstance(value))
    ? 'a lab host is needed before outputs are known; use a plain value, such as config.require("lab2")'
    : 'for example new LabHost("lab2", { ssh: "ada@192.168.1.12", sudo: true })';
}

/**
 * Returns the lab host that a program gives for a resource. Without it, a value that is none would mean this machine.
 *
 * @throws pulumi.RunError for any other value, which only a program without types can give.
 */
export function givenHost(kind: string, name: string, host: LabHost | undefined): LabHost | undefined {
  if (host === undefined || host instanceof LabHost) return host;
  throw programError(
    `${kind} ${name}: property host: ${described(host)} is not a LabHost`,
    'give the object itself: const lab2 = new LabHost("lab2"), and then host: lab2',
  );
}

const NAME = /^[A-Za-z0-9][\w.-]{0,62}$/;
const DESTINATION = /^[^\s\p{C}-][^\s\p{C}]*(?<!@)$/u;
/** An address or a name with a port, but not an IPv6 address. */
const HOST_AND_PORT = /^[^:/]+:\d+$/;

const USUAL_MTU = 1500;
const SMALLEST_MTU = 576;
const LARGEST_MTU = 65_535;

/** The number of UDP ports for the tunnels of networks with `secure`. */
export const SECURE_PORTS = 10_000;
/** With it, all of them are below the ports that the kernel chooses itself. */
const USUAL_SECURE_PORT = 20_000;
const LARGEST_SECURE_PORT = 65_536 - SECURE_PORTS;

/** Returns the address in a destination of ssh. A loopback address is that of a forwarded port, which no other lab host reaches. */
function addressIn(ssh: string): string | undefined {
  const host = ssh.replace(/^ssh:\/\//, "").replace(/^.*@/, "");
  const [, bracketed] = /^\[(.+)\](?::\d+)?\/?$/.exec(host) ?? [];
  const text = bracketed ?? (ssh.startsWith("ssh://") ? host.replace(/(?::\d+)?\/?$/, "") : host);
  return isHost(text) && !/^(?:127\.|::1$)/.test(text) ? text : undefined;
}

const labHosts = perProgram((): LabHost[] => []);

/** Refuses two lab hosts that could be one machine: each of them would reserve names on its own. */
function refuseSame(one: LabHost, other: LabHost): void {
  if (one.name === other.name)
    throw programError(`two LabHosts have the name ${one.name}`, "create it once, and use that LabHost everywhere");
  if (one.ssh === other.ssh)
    throw programError(
      `the LabHosts ${other.name} and ${one.name} have the same destination ${one.ssh}`,
      "use one LabHost for both",
    );
}

/**
 * Returns the lab host of all objects for which the program names none, from the configuration `pulumi-netns:host`; undefined for this
 * machine.
 *
 * @throws pulumi.RunError if the configuration is invalid.
 */
export const defaultHost = perProgram((): LabHost | undefined => {
  const text = new pulumi.Config("pulumi-netns").get("host");
  if (text === undefined) return undefined;
  const parsed = v.safeParse(CONFIGURATION, text.startsWith("{") ? text : JSON.stringify({ name: text }));
  if (!parsed.success)
    throw programError(
      `the configuration pulumi-netns:host is ${text}, and must be the name of a lab host, or an object with name, ssh, sudo, address, mtu and firstSecurePort`,
      "pulumi config set pulumi-netns:host lab2",
    );
  const { name, ...args } = parsed.output;
  return labHosts().find((declared) => declared.name === name) ?? new LabHost(name, args);
});

const CONFIGURATION = v.pipe(
  v.string(),
  v.parseJson(),
  v.strictObject({
    name: v.string(),
    ssh: v.exactOptional(v.string()),
    sudo: v.exactOptional(v.boolean()),
    address: v.exactOptional(v.string()),
    mtu: v.exactOptional(v.number()),
    firstSecurePort: v.exactOptional(v.number()),
  }),
);

/** A {@link LabHost}, as an argument of a component. */
export const labHost = () =>
  instance("a LabHost", (value) => value instanceof LabHost, 'new LabHost("lab1", { ssh: "root@192.0.2.1" })');
