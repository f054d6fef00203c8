// @kernel bond, vlan, vlan-filtering, wireguard
import { linkLives } from "../support/example-lives-links.ts";
import { liveExample } from "../support/live-example.ts";

for (const [name, life] of Object.entries(linkLives)) liveExample(name, life);
