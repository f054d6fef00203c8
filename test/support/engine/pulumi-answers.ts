import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { expect } from "vitest";
import type { Project } from "../project.ts";
import { isSoak } from "../soak.ts";
import { dependenciesOf, type State } from "./state.ts";

/** The steps of Pulumi's engine in one run, and the state after it. */
export interface Answer {
  readonly steps: readonly string[];
  readonly state: readonly object[];
}

const isRecording = process.env["RECORD"] !== undefined;

/** Whether Pulumi's engine runs. Otherwise, its answers are read from the recording. */
export const isLive = isRecording || isSoak;

/**
 * Returns the answer of Pulumi's engine for the next run of the current test: it runs the engine, or reads the recording.
 *
 * @param project The project that runs on Pulumi's engine; undefined if it does not run.
 */
export async function answerOf(
  project: Project | undefined,
  run: (project: Project) => Promise<string[]>,
): Promise<Answer> {
  const title = expect.getState().currentTestName ?? "";
  const done = (answers[title] ??= []);
  const answer = project === undefined ? recorded[title]?.[done.length] : await live(project, run);
  if (answer === undefined)
    throw new Error(`there is no recording of this run with Pulumi ${version}; record it with RECORD=1`);
  done.push(answer);
  return answer;
}

/** Writes the answers of this process as the recording, if `RECORD` is set. */
export function keepAnswers(): void {
  if (isRecording) writeFileSync(RECORDING, `${JSON.stringify(answers, undefined, 2)}\n`);
}

/** Returns the states of resources, without the properties in which equivalent engines differ. */
export const statesOf = (states: readonly State[]): object[] =>
  states
    .filter(({ urn }) => !urn.includes("::pulumi:"))
    .toSorted((left, right) => (left.urn < right.urn ? -1 : 1))
    .map((state) => withoutChance(comparable(state)));

/** Returns the comparable properties of a state. Equivalent engines differ in the times, the plugin and the order of operations. */
const comparable = (state: Partial<State>) => ({
  ...{ urn: state.urn, id: state.id ?? "" },
  ...{ inputs: state.inputs ?? {}, outputs: state.outputs ?? {} },
  ...{ parent: state.parent, protect: state.protect ?? false, retainOnDelete: state.retainOnDelete ?? false },
  pendingReplacement: state.pendingReplacement ?? false,
  dependencies: [
    ...new Set(
      dependenciesOf({
        ...{ dependencies: [], propertyDependencies: {}, replaceWith: [], deletedWith: undefined },
        ...(state as State),
      }),
    ),
  ].sort(),
});

/** Returns a record without the backend in marks and paths, and without the generations of links, which are random numbers. */
const withoutChance = (record: object): object =>
  JSON.parse(
    JSON.stringify(record)
      .replaceAll(/(rules[/+]dev)@[0-9a-f]{8}:/g, "$1:")
      .replaceAll(/#[0-9a-f]{8}(\.[0-9a-f]{8})*/g, "#")
      .replaceAll(/"(object|ipv6|routes|ipv4|neighbors|membership)":"[0-9a-f]{8}"/g, '"$1":""'),
  ) as object;

async function live(project: Project, run: (project: Project) => Promise<string[]>): Promise<Answer> {
  const steps = await run(project);
  const { deployment } = JSON.parse(await project.stack.state()) as { deployment: { resources?: State[] } };
  return { steps, state: statesOf(deployment.resources ?? []) };
}

const { version } = createRequire(import.meta.url)("@pulumi/pulumi/package.json") as { version: string };

/** The recording of this version of Pulumi. Another version may have other rules. */
const RECORDING = new URL(`../../engine/recorded/pulumi-${version}.json`, import.meta.url);

const recorded: Readonly<Record<string, Answer[]>> = existsSync(RECORDING)
  ? (JSON.parse(readFileSync(RECORDING, "utf8")) as Record<string, Answer[]>)
  : {};

/** The answers of this process, by the titles of the tests. */
const answers: Record<string, Answer[]> = {};
