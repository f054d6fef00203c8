import { setTimeout as sleep } from "node:timers/promises";
import type { ConstructedComponent } from "../construct/construct.ts";
import { withHelp } from "../provider/message.ts";
import type { ComponentRequest } from "./component-request.ts";

/** The end of a run of the engine, which the components that are being created then do not outlive. */
export interface RunEnd {
  /** Returns a component when it is created, or when the run has ended before. */
  await(request: ComponentRequest, create: () => Promise<ConstructedComponent>): Promise<ConstructedComponent>;
  /**
   * Ends the run. It is done when the program has no more components to create.
   *
   * @param hasFailed Whether the engine has shown an error of another resource.
   */
  end(hasFailed: boolean): Promise<void>;
}

/**
 * Returns the end of a run. Without an answer, the engine, which closes its connection next, reports the connection as the fault of a component.
 * After an error of another resource, a component of a preview therefore counts as created without known outputs: the engine has no answer
 * that is neither a component nor an error. In an `up`, the outputs would be missing in the program.
 */
export function runEnd(): RunEnd {
  const { promise: ended, resolve } = Promise.withResolvers<boolean>();
  let answered = 0;
  let isOver = false;

  const atEnd = (request: ComponentRequest, hasFailed: boolean): ConstructedComponent => {
    if (!hasFailed || !request.run.isPreview) throw new Error(withHelp(RUN_ENDED, CORRECT_OTHERS));
    answered += 1;
    return { urn: urnOf(request), outputs: {}, dependencies: new Map() };
  };

  return {
    async await(request, create) {
      const unfinished = ended.then((hasFailed) => atEnd(request, hasFailed));
      return isOver ? unfinished : Promise.race([create(), unfinished]);
    },

    async end(hasFailed) {
      isOver = true;
      resolve(hasFailed);
      // A program that has such a component creates the next ones, with which the connection must not be closed yet.
      for (let before = -1; before !== answered; ) {
        before = answered;
        await sleep(before === 0 ? 0 : QUIET);
      }
    },
  };
}

/** The time in which a program creates the next component, in milliseconds. */
const QUIET = 200;

const urnOf = ({ type, name, run: { stack, project } }: ComponentRequest): string =>
  `urn:pulumi:${stack}::${project}::${type}::${name}`;

const RUN_ENDED = "the run ended before the component was complete";
const CORRECT_OTHERS = "correct the errors of the other resources; the component itself has none so far";
