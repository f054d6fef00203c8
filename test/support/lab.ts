import { lifecycles } from "../../provider/host.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { kindOf } from "../../provider/kind-of.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { markOf } from "../../provider/owner.ts";
import type { Properties } from "../../provider/properties.ts";
import { changes, type Failure, type Fields } from "../../provider/schema.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { crashAfter } from "./mortal.ts";
import { pluginLives, pluginUrn } from "./plugin-lives.ts";

/** How resources reach their lifecycles: as with the SDK, or by the plugin, as from a program without the SDK. */
export type Door = "dynamic" | "plugin";

/** A sandbox with resources that need no engine. */
export interface Lab extends Sandbox {
  /** Returns a resource of a kind, by its name in a stack. */
  resource(type: string, name: string, stack?: string): LabResource;
  /**
   * Returns the same stack for the provider process of the next run, which knows no resources yet. The process can be made to
   * die after a number of changing commands.
   */
  nextRun(commandsToLive?: number): MortalLab;
}

/** The resources of one run. */
export interface MortalLab extends Lab {
  /** Returns the number of changing commands that the run has executed. */
  executed(): number;
}

/** The engine's operations on one resource. */
export interface LabResource {
  readonly id: string | undefined;
  readonly outputs: Record<string, unknown>;
  /** Continues from the state that an earlier run has kept. */
  resume(state: Pick<LabResource, "id" | "outputs"> | undefined): void;
  /** Imports an object as the resource, like `pulumi import`. */
  import(id: string): Promise<void>;
  /** Applies the arguments to the resource, like `pulumi up`, and returns the name of the step. */
  up(
    args: object,
    ties?: { on?: string[]; adopt?: boolean; atHome?: boolean; secret?: string[] },
  ): Promise<"create" | "same" | "update" | "replace">;
  /** Observes the kernel, like `pulumi refresh`, and returns the differences: the changed arguments, or `gone`. */
  refresh(): Promise<string[] | "gone">;
  destroy(): Promise<void>;
}

/** The error for arguments that `check` rejected. */
export class CheckError extends Error {
  readonly failures: readonly Failure[];

  constructor(failures: readonly Failure[]) {
    super(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    this.failures = failures;
  }
}

/** The door of tests that do not choose one. `npm run soak` sets it to the plugin. */
const DOOR: Door = process.env["LIVES_BY"] === "plugin" ? "plugin" : "dynamic";

/** Returns the URN of a resource of a lab. */
export const labUrn = (type: string, name: string, stack = "dev", door = DOOR): string =>
  door === "plugin" ? pluginUrn(stack, type, name) : `urn:${stack}:${type}:${name}`;

export async function openLab(door: Door = DOOR): Promise<Lab> {
  const host = await sandbox();
  return labOver(host, linux(host.enter, host.root), door);
}

/** @param client The client of the lab host, whose shells all runs share. */
function labOver(host: Sandbox, client: KernelClient, door: Door, kernel = client): Lab {
  const lives = lifecycles(kernel);
  const plugin = pluginLives(lives);
  return {
    ...host,
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
    nextRun(commandsToLive = Infinity) {
      const mortal = crashAfter(client, commandsToLive);
      return { ...labOver(host, client, door, mortal), executed: mortal.executed };
    },
    resource(type, name, stack = "dev") {
      const life = lives.get(type);
      if (life === undefined) throw new Error(`no kind ${type}`);
      const urn = labUrn(type, name, stack, door);
      const mark = markOf({ project: "test", stack, name, urn });
      return labResource(door === "plugin" ? plugin.of(urn) : life, kindOf(type).schema, mark);
    },
  };
}

function labResource(life: Lifecycle, schema: { entries: Fields }, __mark: string): LabResource {
  let id: string | undefined;
  let outputs: Properties = { __mark };
  const remove = async () => {
    if (id !== undefined) await life.delete(id, outputs);
    id = undefined;
  };
  const create = async (inputs: Properties) => {
    const made = await life.create(inputs);
    id = made.id;
    outputs = made.outs as Properties;
  };
  return {
    get id() {
      return id;
    },
    get outputs() {
      return outputs;
    },
    resume(state) {
      id = state?.id;
      if (state !== undefined) outputs = state.outputs as Properties;
    },
    async import(taken) {
      const found = await life.import(taken, __mark);
      id = found.id;
      outputs = found.props as Properties;
    },
    async up(args, ties = {}) {
      const news: Properties = {
        ...plain(args),
        __mark,
        ...(ties.on && { __on: ties.on }),
        ...(ties.atHome && { __atHome: true }),
        ...(ties.secret && { __secret: ties.secret }),
        __adopt: ties.adopt ?? false,
      };
      const { inputs, failures = [] } = life.check(outputs, news);
      if (failures.length > 0) throw new CheckError(failures);
      const wanted = plain(inputs) as Properties;
      if (id === undefined) return create(wanted).then(() => "create");
      const { changes, replaces } = life.diff(id, outputs, wanted);
      if (!changes) return "same";
      if (replaces.length > 0) {
        await remove();
        await create(wanted);
        return "replace";
      }
      outputs = (await life.update(id, outputs, wanted)).outs as Properties;
      return "update";
    },
    async refresh() {
      if (id === undefined) return "gone";
      const before = outputs;
      const seen = await life.read(id, outputs);
      if (seen.id === "") {
        id = undefined;
        outputs = { __mark };
        return "gone";
      }
      outputs = seen.props as Properties;
      return changes(schema, before, outputs).map((change) => change.property);
    },
    destroy: remove,
  };
}

/** Returns properties as after transfer by the engine: as JSON, without undefined values. */
const plain = (value: object): Record<string, unknown> => JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
