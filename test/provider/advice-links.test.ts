import { expect, test } from "vitest";
import { adviceFor } from "../../provider/advice.ts";
import { dev, ip, type Word } from "../../provider/kernel/tools/ip.ts";

test.each<[change: Word[], answer: string, advice: RegExp]>([
  [
    ["down", "master", "bond0"],
    "Error: Device is in use and cannot be enslaved.",
    /^an interface cannot be both a port of a bridge or a bond and the parent of a macvlan/,
  ],
  [
    ["mtu", 9000, "up"],
    "RTNETLINK answers: Numerical result out of range",
    /^an mtu that the link cannot have: it is larger than that of the link's parent/,
  ],
  [["mtu", 9000, "up"], "Error: mtu greater than device maximum.", /^an mtu that the link cannot have/],
  [["mtu", 9000, "up"], "RTNETLINK answers: Network is down", /^its parent is down/],
  [
    ["master", "br0", "up"],
    "RTNETLINK answers: Invalid argument",
    /^the master cannot have a link of this kind: a bridge/,
  ],
  [
    ["master", "br0", "up"],
    "Error: Can not enslave a bridge to a bridge.",
    /^the master cannot have a link of this kind/,
  ],
  [
    ["down", "master", "bond0"],
    "RTNETLINK answers: Operation not supported",
    /^bond0 is no bridge, bond or VRF, or the master cannot have a link of this kind: /,
  ],
  [
    ["master", "e0", "up", "alias", "pulumi-netns:p/s::Veth::n@12345678"],
    "RTNETLINK answers: Operation not supported",
    /^e0 is no bridge, bond or VRF, or the master cannot have a link of this kind: /,
  ],
  [
    ["type", "bridge", "stp_state", 1, "vlan_filtering", 1],
    "RTNETLINK answers: Operation not supported",
    /^this kernel has no VLAN filtering of bridges \(CONFIG_BRIDGE_VLAN_FILTERING\)\. Remove vlanFiltering .*vlan of the Lan/,
  ],
  [["type", "bridge", "stp_state", 1], "RTNETLINK answers: Operation not supported", /^this kernel was built without/],
])("the help for a change of a link by %j that failed with %j", (change, answer, advice) => {
  expect(adviceFor(ip("red", "link", "set", dev("x0"), ...change), answer)).toMatch(advice);
});
