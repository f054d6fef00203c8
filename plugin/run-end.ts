import { setTimeout as sleep } from "node:timers/promises";
import type { ConstructedComponent } from "../construct/construct.ts";
import { withHelp } from "../provider/message.ts";
import type { ComponentRequest } from "./component-request.ts";

/** The end of a run of the engine, which the components that are being created then do not outlive. */
export interface RunEnd {
  /** Returns a component when it is created, or when the run has ended before. */
  await(request: ComponentRequest, create: () => Promise<ConstructedComponent>): Promise<ConstructedComponent>;
  /** Ends the run when the program has no more components to create, and returns whether all were complete. */
  end(): Promise<boolean>;
}

/**
 * Returns the end of a run. Without an answer, the engine, which closes its connection next, reports the connection as the fault of a component.
 * A component of a preview therefore counts as created without known outputs: the engine has no answer that is neither a component nor an
 * error, and it has shown why the run ended, such as an error of another resource. In an `up`, the outputs would be missing
 * in the program, which would fail where it uses them.
 */
export function runEnd(): RunEnd {
  const { promise: ended, resolve } = Promise.withResolvers<undefined>();
  let answered = 0;
  let isOver = false;

  const atEnd = (request: ComponentRequest): ConstructedComponent => {
    if (!request.run.isPreview) throw new Error(withHelp(RUN_ENDED, CORRECT_OTHERS));
    answered += 1;
    return { urn: urnOf(request), outputs: {}, dependencies: new Map() };
  };

  return {
    async await(request, create) {
      if (isOver) return atEnd(request);
      let isComplete = false;
      const created = create().finally(() => (isComplete = true));
      return Promise.race([created, ended.then(() => (isComplete ? created : atEnd(request)))]);
    },

    async end() {
      isOver = true;
      resolve(undefined);
      // A program that has such a component creates the next ones, with which the connection must not be closed yet.
      for (let before = -1; before !== answered; ) {
        before = answered;
        await sleep(before === 0 ? 0 : QUIET);
      }
      return answered === 0;
    },
  };
}

/** The time in which a program creates the next component, in milliseconds. */
const QUIET = 200;

const urnOf = ({ type, name, run: { stack, project } }: ComponentRequest): string =>
  `urn:pulumi:${stack}::${project}::${type}::${name}`;

const RUN_ENDED = "the run ended before the component was complete";
const CORRECT_OTHERS = "correct the errors of the other resources; the component itself has none so far";
