import { checkNames } from "../../../checks/index.ts";
import type { Order } from "../engine/order.ts";
import { openEngine, type Run, type UpOptions } from "../engine.ts";
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
}

/** The result of a run, or of a preview: its steps as sorted lines such as `create Veth wire`. */
export interface LabRun {
  readonly steps: readonly string[];
  readonly failure: Error | undefined;
}

/** Opens an engine for a stack of a lab host. */
export type OpenLabEngine = (ground: Pick<Ground, "kernel">, stack: StackId, order: Order) => LabEngine;

/** Disables the checks for labs that are unusual on purpose. */
export const QUIET = {
  "pulumi-netns:checks": JSON.stringify(Object.fromEntries(checkNames.map((name) => [name, "off"]))),
};

/** Opens the in-process engine. */
export const inProcess: OpenLabEngine = ({ kernel }, stack, order) => {
  const engine = openEngine({ project: "model", stack, kernel, order, config: QUIET });
  return {
    preview: async (lab) => linesOf(await engine.preview(programOf(lab))),
    up: async (lab, options) => linesOf(await engine.up(programOf(lab), options)),
    refresh: async () => linesOf(await engine.refresh()),
    destroy: async () => linesOf(await engine.destroy()),
  };
};

/** Returns the steps of a run that change something. */
const linesOf = ({ steps, failure }: Run): LabRun => ({
  steps: steps.flatMap(({ op, urn }) => (op === "same" ? [] : [`${op} ${short(urn)}`])).sort(),
  failure,
});

const short = (urn: string): string =>
  urn.split("::").slice(2).join(" ").replaceAll("pulumi-nodejs:dynamic/netns:", "");
