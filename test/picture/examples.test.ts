import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { lifecycles } from "../../provider/host.ts";
import { kindOf } from "../../provider/kind-of.ts";
import { onLabHosts } from "../../provider/lab-hosts.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { kindOfToken, parseUrn } from "../../provider/urn.ts";
import { untouched } from "../provider/script.ts";
import { deploy } from "../support/engine/deployment.ts";
import { asItComes } from "../support/engine/order.ts";
import { providerOver } from "../support/engine/provider.ts";
import { exampleProgram } from "../support/local-stack.ts";

/*
 * The pictures in the pages of the examples, which are those of `pulumi-netns graph` after an `up`. RECORD=1 writes them.
 */

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
    const drawn = await svg(topologyOf(await resourcesOf(name, config)), `${name} / dev`);
    const file = join(PROJECT, "docs/images/examples", `${name}.svg`);
    if (process.env["RECORD"] !== undefined) {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, drawn);
    }
    expect(drawn).toBe(await readFile(file, "utf8"));
    const page = await readFile(join(PROJECT, "examples", name, "README.md"), "utf8");
    expect(page).toContain(`](../../docs/images/examples/${name}.svg)`);
  },
  60_000,
);

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));

/** Returns the resources of an example, as in the state after an `up`. */
async function resourcesOf(project: string, config: Record<string, string>) {
  const { snapshot, failure } = await deploy({
    name: { project, stack: "dev" },
    base: [],
    provider: providerOver(onLabHosts({ local: creatingNothing, remote: creatingNothing })),
    order: asItComes,
    dryRun: false,
    config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
    program: exampleProgram(project),
  });
  if (failure !== undefined) throw failure;
  return snapshot.flatMap((state) => {
    const type = kindOfToken(state.type);
    return type === undefined ? [] : [{ ...state, type, name: parseUrn(state.urn).name }];
  });
}

const creatingNothing = () =>
  new Map([...lifecycles(untouched)].map(([type, life]) => [type, createNothing(type, life)]));

/** Returns the lifecycle of a kind without its objects: a create returns the state and changes nothing. */
const createNothing = (type: string, life: Lifecycle): Lifecycle => ({
  ...life,
  create: (inputs) => Promise.resolve({ id: kindOf(type).id(inputs, inputs.__mark), outs: inputs }),
});
