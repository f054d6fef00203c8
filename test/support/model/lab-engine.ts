import type { Order } from "../engine/order.ts";
import type { State } from "../engine/state.ts";
import { openEngine, type Run, type UpOptions } from "../engine.ts";
import { QUIET } from "../quiet.ts";
import type { Ground } from "./ground.ts";
import type { Lab } from "./lab.ts";
import type { StackId } from "./life.ts";
import { programOf } from "./program.ts";

/** An engine with one stack, whose programs are labs. */
export interface LabEngine {
  preview(lab: Lab): Promise<LabRun>;
  up(lab: Lab, options?: UpOptions): Promise<LabRun>;
  refresh(): Promise<LabRun>;
  destroy(): Promise<LabRun>;
  dependencies(): Promise<Dependencies>;
}

/** The resources in the state, such as `Veth wire`, with those on which each depends, directly or not. */
export type Dependencies = ReadonlyMap<string, ReadonlySet<string>>;

/** The result of a run, or of a preview: its steps as sorted lines such as `create Veth wire`. */
export interface LabRun {
  readonly steps: readonly string[];
  readonly failure: Error | undefined;
}

/** Opens an engine for a stack of a lab host. */
export type OpenLabEngine = (ground: Pick<Ground, "kernel">, stack: StackId, order: Order) => LabEngine;

/** Opens the in-process engine. */
export const inProcess: OpenLabEngine = ({ kernel }, stack, order) => {
  const engine = openEngine({ project: "model", stack, kernel, order, config: QUIET });
  return {
    preview: async (lab) => linesOf(await engine.preview(programOf(lab))),
    up: async (lab, options) => linesOf(await engine.up(programOf(lab), options)),
    refresh: async () => linesOf(await engine.refresh()),
    destroy: async () => linesOf(await engine.destroy()),
    dependencies: () => Promise.resolve(dependenciesIn(engine.state)),
  };
};

/** A resource of a state, as Pulumi exports it. */
type Stated = Pick<State, "urn"> & Partial<Pick<State, "parent" | "dependencies" | "propertyDependencies">>;

/** Returns the dependencies in a state, in which each resource comes after those on which it depends. */
export function dependenciesIn(state: readonly Stated[]): Dependencies {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { urn, parent, dependencies = [], propertyDependencies = {} } of state) {
    const direct = [parent ?? [], dependencies, Object.values(propertyDependencies)].flat(2).map(short);
    found.set(short(urn), new Set(direct.flatMap((other) => [other, ...(found.get(other) ?? [])])));
  }
  return found;
}

/** Returns the steps of a run that change something. */
const linesOf = ({ steps, failure }: Run): LabRun => ({
  steps: steps.flatMap(({ op, urn }) => (op === "same" ? [] : [`${op} ${short(urn)}`])).sort(),
  failure,
});

const short = (urn: string): string =>
  urn.split("::").slice(2).join(" ").replaceAll("pulumi-nodejs:dynamic/netns:", "");
