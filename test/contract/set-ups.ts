/* Commands that prepare a sandbox for cases of more than one file. */

export const RED = ["ip netns add red"];
export const CABLE = [...RED, "ip -n red link add name eth0 type veth peer name eth1"];
export const BRIDGE = [...RED, "ip -n red link add name br0 address 02:00:00:00:00:01 type bridge"];
export const PORT = [...CABLE, ...BRIDGE.slice(1), "ip -n red link set dev eth0 master br0"];
export const ADDRESS = [
  ...CABLE,
  "ip -n red link set dev eth0 up",
  "ip -n red link set dev eth1 up",
  "ip -n red address add 10.0.0.1/24 dev eth0",
];
