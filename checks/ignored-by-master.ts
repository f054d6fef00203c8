import { type Check, describe, type Finding, type LabLink, shortList } from "./check.ts";

/** A setting of a link that does not exist or has no effect with its declared master. */
export const ignoredByMaster: Check = ({ links }) => {
  const members = [...links.values()].flatMap((member) => {
    const master = links.get(member.master ?? "");
    return master === undefined ? [] : [{ member, master }];
  });
  const withVlans = members.filter(
    ({ member, master }) =>
      Array.isArray(member.vlans) && master.traits.device === "bridge" && master.vlanFiltering === false,
  );
  return [
    ...members.flatMap(({ member, master }) => [...onNoBridge(member, master), ...takenUp(member, master)]),
    ...[...Map.groupBy(withVlans, ({ master }) => master)].flatMap(([bridge, ports]) =>
      withoutFiltering(
        bridge,
        ports.map(({ member }) => member),
      ),
    ),
  ];
};

const onNoBridge = ({ resource, key, args }: LabLink, master: LabLink): Finding[] =>
  args["port"] === undefined || master.traits.device === "bridge"
    ? []
    : [
        {
          about: resource,
          message: `port of ${key} has no effect: its master ${master.key} (${describe(master.resource)}) is no bridge`,
          help: "remove port, which has settings of a bridge's ports",
        },
      ];

const takenUp = ({ resource, key, up }: LabLink, master: LabLink): Finding[] =>
  up === false && master.traits.device === "bond"
    ? [
        {
          about: resource,
          message: `up: false of ${key} has no effect: the bond ${master.key} takes its members up`,
          help: "remove up or master",
        },
      ]
    : [];

/** Reports the ports with VLANs of a bridge that ignores them, once. */
function withoutFiltering(bridge: LabLink, ports: readonly LabLink[]): Finding[] {
  const [first] = ports;
  if (first === undefined) return [];
  const argument = [...(first.side === undefined ? [] : [first.side]), "port.vlans"].join(".");
  const keys = shortList(ports.map(({ key }) => key));
  return [
    {
      about: first.resource,
      message:
        `${argument} has no effect on ${keys}: ${describe(bridge.resource)} has no VLAN filtering, so it neither adds, removes nor ` +
        "compares tags",
      help: "set vlanFiltering: true for the bridge, or vlan for the Lan that creates it; or remove the VLANs",
    },
  ];
}
