// @kernel bond, vlan, vlan-filtering, wireguard
import { linkLives } from "../support/example-lives-links.ts";
import { liveExample } from "../support/live-example.ts";
import { isSoak } from "../support/soak.ts";

// The virtual machine is slow, and the tests of the kinds repair the same drift in it. A soak also repairs it in the examples, and runs those
// whose kinds and components have lives of their own in wire-guard.test.ts, secure-networks.test.ts and bond.test.ts.
const OF_SOAK = ["wireguard-sites", "bond"];
for (const [name, life] of Object.entries(linkLives).filter(([name]) => isSoak || !OF_SOAK.includes(name)))
  liveExample(name, isSoak ? life : { ...life, drifts: [] });
