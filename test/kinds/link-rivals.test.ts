import { testRivals } from "../support/link-rivals.ts";

const PARENT = { link: "trunk", linkNamespace: "green" };

testRivals([
  ["Macvlan", { ...PARENT, mac: "02:00:00:00:00:09" }],
  ["Macvlan", { ...PARENT, mode: "passthru" }],
  ["Macvtap", { ...PARENT, mac: "02:00:00:00:00:09" }],
  ["Vxlan", { vni: 42, underlay: "green" }],
]);
