import type { Drawn } from "../../picture/drawn.ts";
import { lifecycles } from "../../provider/host.ts";
import { kindOf } from "../../provider/kind-of.ts";
import { onLabHosts } from "../../provider/lab-hosts.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { kindOfToken, parseUrn } from "../../provider/urn.ts";
import { untouched } from "../provider/script.ts";
import { deploy } from "../support/engine/deployment.ts";
import { asItComes } from "../support/engine/order.ts";
import type { Program } from "../support/engine/program.ts";
import { providerOver } from "../support/engine/provider.ts";

/** Returns the resources of a program, as in the state after an `up`. */
export async function resourcesOf(
  project: string,
  program: Program,
  config: Readonly<Record<string, string>> = {},
): Promise<Drawn[]> {
  const { snapshot, failure } = await deploy({
    name: { project, stack: "dev" },
    base: [],
    provider: providerOver(onLabHosts({ local: creatingNothing, remote: creatingNothing })),
    order: asItComes,
    dryRun: false,
    config: Object.fromEntries(Object.entries(config).map(([key, value]) => [`${project}:${key}`, value])),
    program,
  });
  if (failure !== undefined) throw failure;
  return snapshot.flatMap((state) => {
    const type = kindOfToken(state.type);
    return type === undefined ? [] : [{ ...state, type, name: parseUrn(state.urn).name }];
  });
}

const creatingNothing = () =>
  new Map([...lifecycles(untouched)].map(([type, life]) => [type, createNothing(type, life)]));

/** Returns the lifecycle of a kind without objects: a create returns the state and changes nothing. */
const createNothing = (type: string, life: Lifecycle): Lifecycle => ({
  ...life,
  create: (inputs) => Promise.resolve({ id: kindOf(type).id(inputs, inputs.__mark), outs: inputs }),
});
