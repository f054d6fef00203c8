import { testLinksOfOthers } from "../support/links-of-others.ts";

const PARENT = { link: "trunk", linkNamespace: "red" };

testLinksOfOthers([
  ["Bridge", { mtu: 1400 }, "link add name x0 type bridge stp_state 1"],
  ["Macvlan", PARENT, "link add name x0 link trunk type macvlan mode vepa"],
  ["Macvtap", PARENT, "link add name x0 link trunk type macvtap mode vepa"],
  ["Tap", { mtu: 1400 }, "tuntap add dev x0 mode tap"],
  ["Tun", { mtu: 1400 }, "tuntap add dev x0 mode tun"],
  ["Ifb", { mac: "02:00:00:00:00:01" }, "link add name x0 address 02:00:00:00:00:01 type ifb"],
]);
