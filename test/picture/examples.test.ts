import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { exampleProgram } from "../support/local-stack.ts";
import { resourcesOf } from "./program.ts";
import { overlappingTexts } from "./texts.ts";

/* The pictures in the pages of the examples, which are those of `pulumi-netns graph` after an `up`. RECORD=1 writes them. */

const [NORTH, SOUTH] = [8, 16].map((byte) => Buffer.alloc(32, byte).toString("base64")) as [string, string];

test.each<[name: string, config: Record<string, string>]>([
  ["anycast", {}],
  ["bond", {}],
  ["bridge-lan", { hosts: "3" }],
  ["dhcp-lan", {}],
  ["dual-homed", {}],
  ["home-router", {}],
  ["lan-three-hosts", { lab1: "192.0.2.1", lab2: "192.0.2.2", lab3: "192.0.2.3" }],
  ["nat-gateway", {}],
  ["ospf-triangle", {}],
  ["ten-routers", {}],
  ["two-hosts", { lab1: "192.0.2.1", lab2: "192.0.2.2" }],
  ["vlan-trunk", {}],
  ["vxlan-fabric", {}],
  ["wan", { delay: "20ms", loss: "0.5%", rate: "10mbit" }],
  ["wireguard-sites", { northKey: NORTH, southKey: SOUTH }],
])(
  "the page of the example %s shows its picture",
  async (name, config) => {
    const drawn = await svg(topologyOf(await resourcesOf(name, exampleProgram(name), config)), `${name} / dev`);
    const file = join(PROJECT, "docs/images/examples", `${name}.svg`);
    if (process.env["RECORD"] !== undefined) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, drawn);
    }
    expect(drawn).toBe(await readFile(file, "utf8"));
    expect(overlappingTexts(drawn)).toEqual([]);
    const page = await readFile(join(PROJECT, "examples", name, "README.md"), "utf8");
    expect(page).toContain(`](../../docs/images/examples/${name}.svg)`);
  },
  60_000,
);

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
