import { ipv6Advice } from "./ipv6-advice.ts";
import type { Command } from "./kernel/command.ts";
import { linkModule, missingTcModule } from "./kernel-modules.ts";
import { nexthopAdvice } from "./nexthop-advice.ts";
import { noSpaceAdvice } from "./no-space-advice.ts";
import { programAdvice } from "./program-advice.ts";
import { sysctlAdvice } from "./sysctl-advice.ts";

/** Returns what to do after a command failed, by its tool's error message; undefined if there is no advice. */
export const adviceFor = (command: Command, message: string): string | undefined =>
  SPECIFIC.map((advise) => advise(command, message)).find((advice) => advice !== undefined) ??
  GENERAL.find(([pattern]) => pattern.test(message))?.[1];

type Advisor = (command: Command, said: string) => string | undefined;

/** Advises on namespaces: one may be missing, and creating or entering one needs a different capability than changing a network. */
const ofNamespace: Advisor = (_command, said) => {
  if (/cannot open network namespace|nsenter: cannot open|invalid "netns" value/i.test(said)) return NO_NAMESPACE;
  return MOUNTS.test(said)
    ? "namespaces need CAP_SYS_ADMIN in addition to CAP_NET_ADMIN. Run as root; on a LabHost, log in as root or set sudo: true; in a container, with docker run --privileged, or " +
        "--cap-add NET_ADMIN --cap-add SYS_ADMIN --security-opt apparmor=unconfined; or without root in a sandbox: " +
        "pulumi-netns sandbox"
    : undefined;
};

const NO_NAMESPACE =
  "the namespace does not exist. Refer to the Namespace instead of writing its name, so that it is created before. If it was deleted " +
  "outside of Pulumi, run `pulumi refresh`, then `pulumi up` to create it again";

const MOUNTS =
  /\b(mount|unshare|bind|create a new network namespace|setting the network namespace|reassociate to)\b.*(operation not permitted|permission denied)/i;

/** Advises on bridge ports: the kernel answers as if it did not have them. */
const ofPort: Advisor = (command, said) => {
  const isAbsent = /^error: argument "\S+" is wrong: device does not exist/im.test(said);
  if (isAbsent && command.tool === "ip" && command.words.includes("master"))
    return "the master must exist in the namespace of its port. Refer to the Bridge instead of writing its name, or connect the two namespaces with a Veth";
  if (!/not supported/i.test(said)) return undefined;
  if (command.tool === "ip" && command.words.includes("bridge_slave"))
    return "the settings in port need a master that is a bridge. Set master to a Bridge, or remove port";
  if (
    command.tool === "ip" &&
    command.words.some((word) => word.startsWith("vlan_")) &&
    command.words.includes("bridge")
  )
    return `this kernel has no VLAN filtering of bridges (${VLAN_FILTERING}). Remove vlanFiltering and the other VLAN settings of the Bridge, or vlan of the Lan that creates it; or use another kernel`;
  if (command.tool === "bridge" && command.args[0] === "vlan")
    return `this kernel has no VLAN filtering of bridges (${VLAN_FILTERING}), or the link is neither a bridge nor a port of one. Remove vlans, or vlan of the Lan; or set master to a Bridge`;
  return command.tool === "bridge" && command.args[0] === "fdb"
    ? "the interface of an FdbEntry must be a port of a bridge, or with dst a Vxlan"
    : undefined;
};

const VLAN_FILTERING = "CONFIG_BRIDGE_VLAN_FILTERING";

const ofSysctl: Advisor = ({ tool, namespace, subject, query }, said) =>
  tool === "sysctl" && subject !== undefined && !query ? sysctlAdvice(subject, namespace, said) : undefined;

/** Advises on altnames: the kernel does not tell which link has the name. */
const ofAltname: Advisor = (command, said) => {
  if (command.tool !== "ip" || !/file exists/i.test(said)) return undefined;
  const { words } = command;
  const altname = words.includes("altname") ? words[words.indexOf("altname") + 1] : undefined;
  return altname === undefined
    ? undefined
    : `another link of the namespace has the name ${altname}, as \`ip link show dev ${altname}\` shows. Choose another altname, or delete that link`;
};

/** Advises on VLANs of a parent link. */
const ofVlan: Advisor = (command, said) => {
  if (command.tool !== "ip" || command.object !== "link") return undefined;
  if (/VLAN device already exists/i.test(said))
    return "the parent has another link of this VLAN. Delete that link, or choose another vid";
  if (/VLANs not supported on device/i.test(said))
    return "a link of this kind cannot be the parent of a Vlan. The parent must carry Ethernet frames, such as a Veth, a Bridge or a Bond";
  return /network is down/i.test(said)
    ? "its parent is down. Set up: true on the parent, or up: false on this link"
    : undefined;
};

/** Advises on the MTU of a link, whose limits depend on its kind and on its parent. */
const ofMtu: Advisor = (command, said) =>
  isOfLinkWith(command, "mtu") && /numerical result out of range|invalid argument|mtu (less|greater) than/i.test(said)
    ? "an mtu that the link cannot have: it is larger than that of the link's parent, or outside the limits of its kind, as minmtu and maxmtu in `ip -details link show` tell. Choose another mtu, or raise that of the parent"
    : undefined;

/** Advises on masters, each of which takes only some kinds of links. To a link that takes none, the kernel answers as a bond does to some kinds. */
const ofMember: Advisor = (command, said) => {
  if (!isOfLinkWith(command, "master") || command.tool !== "ip" || /in use/i.test(said)) return undefined;
  const master = command.words[command.words.indexOf("master") + 1];
  if (/operation not supported/i.test(said)) return `${master} is no bridge, bond or VRF, or ${UNFIT_MEMBER}`;
  return /invalid argument|cannot be enslaved\.|can not enslave|requires ethernet/i.test(said)
    ? UNFIT_MEMBER
    : undefined;
};

const UNFIT_MEMBER =
  "the master cannot have a link of this kind: a bridge, and a bond in most modes, require Ethernet frames and a MAC address, and there is no bridge in a bridge and no VRF in a VRF. Remove master, or use another link";

/** Returns whether a command creates or changes a link with an attribute. */
const isOfLinkWith = (command: Command, attribute: string): boolean =>
  command.tool === "ip" && command.object === "link" && command.words.includes(attribute);

/** Advises on links that the kernel does not allow beside another one. Its answers do not tell which one. */
const ofRival: Advisor = (command, said) => {
  if (command.tool !== "ip" || command.object !== "link") return undefined;
  const { namespace, verb, words } = command;
  const device = words.includes("type") ? (words[words.indexOf("type") + 1] ?? "") : "";
  const listing = `\`ip ${namespace === undefined ? "" : `-n ${namespace} `}-details link show type ${device}\` lists them`;
  if (/file exists/i.test(said) && IP_TUNNELS.includes(device) && words.includes("remote"))
    return `another tunnel of this mode has the same local, remote and key, or another link has the name; ${listing}. Delete that link, or choose another key`;
  if (/resource busy/i.test(said) && device === "geneve")
    return `another Geneve tunnel has this vni and remote; ${listing}. Delete that link, or choose another vni`;
  if (
    /resource busy|in use and cannot be enslaved/i.test(said) &&
    (ON_PARENT.includes(device) || words.includes("master"))
  )
    return "an interface cannot be both a port of a bridge or a bond and the parent of a macvlan or ipvlan, and a parent has links of one of the two kinds. Use the bridge as the parent, or another interface";
  return /invalid argument/i.test(said) && ON_PARENT.includes(device) && verb === "add"
    ? "the parent has a link of mode passthru, which must be the only one on it, has a smaller MTU, or carries no Ethernet frames. Remove the other link, lower the mtu, or use another parent"
    : undefined;
};

const IP_TUNNELS = ["gre", "gretap", "ipip", "sit", "ip6gre", "ip6gretap", "ip6tnl"];
const ON_PARENT = ["macvlan", "macvtap", "ipvlan"];

/** Advises on kinds of links that the kernel does not have, and on tools of single kinds. */
const ofKind: Advisor = (command, said) => {
  const words = command.tool === "ip" ? command.words : [];
  const device = words.includes("type") ? words[words.indexOf("type") + 1] : undefined;
  const module = device === undefined ? "MODULE" : linkModule(device);
  if (/unknown device type/i.test(said))
    return `this kernel has no links of this kind. Load its module: \`modprobe ${module}\`; if there is none, install the package with the kernel's other modules`;
  const part = command.tool === "tc" ? missingTcModule(command.args, said) : undefined;
  if (part !== undefined)
    return `this kernel lacks a part of traffic control. Load its module: \`modprobe ${part}\`; if there is none, install the package with the kernel's other modules`;
  return /VXLAN device with the specified VNI already exists|VNI in use/i.test(said)
    ? "another link has this vni and dstport on the same underlay, perhaps one of another stack or in another namespace. Delete that link, or choose another vni"
    : undefined;
};

/** Advises on what another link has: the kernel refuses it when a link goes up. */
const ofTaken: Advisor = ({ tool }, said) =>
  (tool === "ip" || tool === "wg") && /address already in use/i.test(said)
    ? "another link, perhaps of another stack, has what this one needs: a macvlan its MAC address on the parent, a tunnel its UDP port, as `ss -lunp` shows in the namespace that carries the packets. " +
      "Choose another mac or port: listenPort of a WireGuard, dstport of a Vxlan or Geneve, or firstSecurePort of a LabHost for a Link or Lan with secure"
    : undefined;

/** Advises on an address that another ipvlan of the parent has. */
const ofIpvlan: Advisor = (_command, said) =>
  /already assigned to an ipvlan/i.test(said)
    ? "another ipvlan on the same parent, perhaps of another stack, has this address, and the parent delivers packets by their address. Choose another address"
    : undefined;

/** Advises on tun and tap devices, which a device file creates. */
const ofTunTap: Advisor = (command, said) => {
  if (command.tool !== "ip" || command.object !== "tuntap") return undefined;
  if (/^open: no such (file|device)/im.test(said))
    return "this kernel has no tun and tap devices, or /dev/net/tun is missing. Load the module: `modprobe tun`; in a container, give it the device /dev/net/tun";
  return /invalid (user|group)|TUNSETOWNER|TUNSETGROUP/i.test(said)
    ? "the lab host does not have this user or group; in a sandbox without root only root exists. Create it, or remove user and group"
    : undefined;
};

const SPECIFIC: readonly Advisor[] = [
  programAdvice,
  ofTunTap,
  ofKind,
  ofTaken,
  ofIpvlan,
  noSpaceAdvice,
  ofNamespace,
  ipv6Advice,
  nexthopAdvice,
  ofPort,
  ofAltname,
  ofVlan,
  ofMtu,
  ofMember,
  ofRival,
  ofSysctl,
];

const GENERAL: readonly (readonly [RegExp, string])[] = [
  [
    /operation not permitted|permission denied/i,
    "network changes need CAP_NET_ADMIN. Run as root; on a LabHost, log in as root or set sudo: true; or without root in a sandbox: " +
      "pulumi-netns sandbox",
  ],
  [
    /nexthop has invalid gateway|no route to host|network is unreachable/i,
    "the gateway must be in a network in which the namespace has an address, on a link that is up. Declare that Address, or set interface",
  ],
  [
    /invalid (prefsrc|source) address/i,
    "the source of a Route must be an address that an interface of the namespace has. Declare that Address before the Route, or use an address that the namespace has",
  ],
  [
    /does not exist|cannot find device/i,
    "the interface does not exist there. If it was deleted outside of Pulumi, run `pulumi refresh`, then `pulumi up` to create it again",
  ],
  [
    /no space left on device/i,
    "the kernel has no room for another object of this kind: a limit of this machine is reached",
  ],
  [
    /message too long/i,
    "the rules of one change exceed the socket buffer that the machine allows without root, about 700 rules. Raise it: sysctl -w net.core.wmem_max=4000000",
  ],
  [
    /invalid uid range/i,
    "the kernel accepts only user ids that exist in the user namespace; in a sandbox without root that is 0, unless more are mapped",
  ],
  [/exchange full/i, "a bridge has at most 1023 ports. Add a second bridge, and connect the two with a veth pair"],
  [
    /too many open files|resource temporarily unavailable|cannot fork/i,
    "a limit of this machine is reached. Raise the number of open files (ulimit -n) or processes (ulimit -u) of the user that runs pulumi",
  ],
  [/not supported/i, "this kernel was built without this feature, or its module is not loaded"],
];
