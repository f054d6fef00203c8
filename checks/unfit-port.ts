import { type Check, describe, type Finding, type LabLink } from "./check.ts";

/** A link that its declared master cannot have: the kernel refuses it. */
export const unfitPort: Check = ({ links }) =>
  [...links.values()].flatMap((member) => {
    const master = links.get(member.master ?? "");
    if (master === undefined) return [];
    const { device, members: word } = master.traits;
    if (word === undefined) return [withoutMembers(member, master)];
    const rule = RULES.find(({ of, refuses }) => of.includes(device) && refuses(member, master));
    if (rule === undefined) return [];
    return [
      {
        about: member.resource,
        message: `${describe(member.resource)} cannot be a ${word} of the ${device} ${master.key}: ${rule.why(member)}`,
        help: rule.help,
      },
    ];
  });

const withoutMembers = (member: LabLink, { resource, traits, key }: LabLink): Finding => ({
  about: member.resource,
  message: `${describe(member.resource)} cannot have the master ${key}: ${describe(resource)} is a ${traits.device}, and the kernel refuses this ("Operation not supported")`,
  help: "use a Bridge, a Bond or a Vrf as the master, and connect other links with a Bridge",
});

interface MasterRule {
  /** The kinds of the masters. */
  readonly of: readonly string[];
  readonly refuses: (member: LabLink, master: LabLink) => boolean | undefined;
  /** Why the kernel refuses the link, and what it answers. */
  readonly why: (member: LabLink) => string;
  readonly help: string;
}

const lacksEthernet = ({ traits, args }: LabLink): boolean => traits.lacksEthernet?.(args) === true;

const RULES: readonly MasterRule[] = [
  {
    of: ["bridge"],
    refuses: lacksEthernet,
    why: ({ key }) => `the packets of ${key} have no Ethernet header, and the kernel refuses this ("Invalid argument")`,
    help: "remove master, or use a Tap, a Vxlan, a Geneve, or a Tunnel of mode gretap",
  },
  {
    of: ["bridge"],
    refuses: ({ traits }) => traits.device === "bridge",
    why: () => 'the kernel refuses this ("Can not enslave a bridge to a bridge.")',
    help: "remove master, and connect the two bridges with a Veth, each end a port of one of them",
  },
  {
    of: ["bridge", "bond"],
    refuses: ({ traits }) => traits.feedsProgram,
    why: ({ traits }) =>
      `a program receives the frames of a ${traits.device}, and the kernel refuses this ("Device or resource busy")`,
    help: "remove master, or use a Tap",
  },
  {
    of: ["vrf", "bond"],
    refuses: ({ traits }) => traits.separates,
    why: ({ traits }) => `the kernel refuses a ${traits.device} as a member`,
    help: "remove master",
  },
  {
    of: ["bond"],
    refuses: (member, { args }) =>
      lacksEthernet(member) && (member.traits.on !== undefined || args["mode"] !== "active-backup"),
    why: ({ key }) =>
      `the packets of ${key} have no Ethernet header or no MAC address of their own, and the kernel refuses this`,
    help: "remove master, or use a link with Ethernet frames, such as a Veth, a Vxlan, or a Tunnel of mode gretap",
  },
];
