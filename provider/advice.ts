import type { Command, IpCommand } from "./kernel/command.ts";
import { sysctlAdvice } from "./sysctl-advice.ts";

/** What to do after a command failed, by what its tool said of the failure; undefined where there is nothing to say. */
export const adviceFor = (command: Command, said: string): string | undefined =>
  SPECIFIC.map((advise) => advise(command, said)).find((advice) => advice !== undefined) ??
  GENERAL.find(([pattern]) => pattern.test(said))?.[1];

type Advise = (command: Command, said: string) => string | undefined;

/** A process has ended at once: what follows are words of the program, and not of the kernel. */
const ofProcess: Advise = (_command, said) =>
  /^it ended at once\. The last lines of /.test(said)
    ? "put right what those lines name. A Process is to run for as long as the lab is there"
    : undefined;

/** To make or enter a namespace takes another capability than to change a network. */
const ofNamespace: Advise = (_command, said) =>
  MOUNTS.test(said)
    ? "namespaces need CAP_SYS_ADMIN beside CAP_NET_ADMIN. Run as root; in a container, with docker run --privileged, or " +
      "--cap-add NET_ADMIN --cap-add SYS_ADMIN --security-opt apparmor=unconfined; or without root in a sandbox: " +
      "unshare --user --map-root-user --net --mount"
    : undefined;

const MOUNTS =
  /\b(mount|unshare|bind|create a new network namespace|setting the network namespace|reassociate to)\b.*(operation not permitted|permission denied)/i;

/** The kernel refuses IPv6 on an interface by errors that it also gives for other reasons. */
const ofIpv6: Advise = (command, said) => {
  const { namespace, subject: device } = command;
  if (command.tool !== "ip" || device === undefined || !isOfIpv6(command)) return undefined;
  if (/^rtnetlink answers: permission denied|ipv6 is disabled/im.test(said)) {
    const sysctl = `${namespace === undefined ? "" : `ip netns exec ${namespace} `}sysctl -w net.ipv6.conf`;
    return (
      `IPv6 is switched off on ${device}. Switch it on for interfaces that are made from now on with ` +
      `${sysctl}.default.disable_ipv6=0, for one that is there with ${sysctl}.${device.replaceAll(".", "/")}.disable_ipv6=0; or leave IPv6 out`
    );
  }
  if (/not supported/i.test(said)) return "this kernel has no IPv6, or was started with ipv6.disable=1. Leave IPv6 out";
  return /invalid argument/i.test(said) && command.object === "address"
    ? `${device} has no IPv6, as with an mtu under 1280. Give it a larger mtu, or leave IPv6 out`
    : undefined;
};

/** Whether a command is about IPv6: by its family, or by an address with its prefix length. */
const isOfIpv6 = ({ family, words }: IpCommand): boolean =>
  family === "inet6" || words.some((word) => word.includes(":") && word.includes("/"));

const ofSysctl: Advise = ({ tool, namespace, subject, query }, said) =>
  tool === "sysctl" && subject !== undefined && !query ? sysctlAdvice(subject, namespace, said) : undefined;

const SPECIFIC: readonly Advise[] = [ofProcess, ofNamespace, ofIpv6, ofSysctl];

const GENERAL: readonly (readonly [RegExp, string])[] = [
  [
    /operation not permitted|permission denied/i,
    "network changes need CAP_NET_ADMIN. Run as root, or without root in a sandbox: unshare --user --map-root-user --net --mount",
  ],
  [
    /nexthop has invalid gateway|no route to host|network is unreachable/i,
    "the gateway must be in a network that the namespace has an address in, on a link that is up. Declare that Address, or name the interface",
  ],
  [
    /cannot open network namespace|nsenter: cannot open|invalid "netns" value/i,
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
