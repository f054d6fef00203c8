// @kernel bond, vlan, vlan-filtering, wireguard
import { linkLives } from "../support/example-lives-links.ts";
import { liveExample } from "../support/live-example.ts";
import { isSoak } from "../support/soak.ts";

// The virtual machine is slow, and the tests of the kinds repair the same drift in it. A soak also repairs it in the examples.
for (const [name, life] of Object.entries(linkLives)) liveExample(name, isSoak ? life : { ...life, drifts: [] });
