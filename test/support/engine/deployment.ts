import { setImmediate as turn } from "node:timers/promises";
import { type Executor, executorOf } from "./executor.ts";
import { type Generator, generatorOf } from "./generator.ts";
import { type Goal, inherited } from "./goal.ts";
import { type Journal, journalOver } from "./journal.ts";
import { monitorOf, type Registered } from "./monitor.ts";
import type { Order } from "./order.ts";
import { type Program, run } from "./program.ts";
import type { Provider } from "./provider.ts";
import { faultIn, type Props, type Snapshot, type State } from "./state.ts";
import { type Step, subjectOf } from "./steps.ts";
import type { StackName } from "./urn.ts";

/** One run of the engine with a program, or without one, which destroys the stack. */
export interface Deployment {
  readonly name: StackName;
  readonly base: Snapshot;
  readonly provider: Provider;
  readonly order: Order;
  readonly dryRun: boolean;
  readonly config: Readonly<Record<string, string>>;
  readonly program: Program | undefined;
}

/** The result of a run. */
export interface Deployed {
  readonly steps: readonly Step[];
  readonly failure: Error | undefined;
  /** The state that was saved last. */
  readonly snapshot: Snapshot;
}

export async function deploy(deployment: Deployment): Promise<Deployed> {
  const { base, order } = deployment;
  const steps: Step[] = [];
  const news = new Map<string, State>();
  const journal: Journal = journalOver(base);
  const executor = executorOf(order, (step) => {
    steps.push(step);
    journal.record(step);
    if (step.new !== undefined && step.op !== "replace") news.set(step.new.urn, step.new);
  });
  const generator = generatorOf({ ...deployment, news });

  const complete = (urn: string, outputs: Props): void => {
    const state = news.get(urn);
    if (state !== undefined) state.outputs = outputs;
  };
  if (deployment.program !== undefined)
    await registerAll(deployment.program, deployment, generator, executor, complete);
  await executor.idle();
  if (executor.failure === undefined) await deleteAll(generator, executor);
  const snapshot = journal.snapshot();
  // A preview saves nothing.
  return { steps, failure: executor.failure ?? (deployment.dryRun ? undefined : faultIn(snapshot)), snapshot };
}

/** Runs the program and handles its registrations one by one: planning is quick, and steps are executed concurrently. */
async function registerAll(
  program: Program,
  { name, dryRun, config, order }: Deployment,
  generator: Generator,
  executor: Executor,
  complete: (urn: string, outputs: Props) => void,
): Promise<void> {
  const goals = new Map<string, Goal>();
  const inbox: { goal: Goal; registered: (answer: Registered) => void }[] = [];
  const monitor = monitorOf(
    (goal) =>
      new Promise((registered) => {
        inbox.push({ goal, registered });
        void handleOne();
      }),
    complete,
  );

  let handled = Promise.resolve();

  async function handleOne(): Promise<void> {
    // Registrations in the same turn may be handled in any order.
    await turn();
    // The engine plans one resource at a time.
    handled = handled.then(handleNext);
    await handled;
  }

  async function handleNext(): Promise<void> {
    if (executor.failure !== undefined) return;
    const { goal, registered } = order.take(inbox);
    try {
      await handle(inherited(goal, goal.parent === undefined ? undefined : goals.get(goal.parent)), registered);
    } catch (error) {
      executor.stop(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async function handle(goal: Goal, registered: (answer: Registered) => void): Promise<void> {
    const steps = await generator.register(goal);
    const last = steps.at(-1);
    if (last === undefined) throw new Error(`there is no step for ${goal.name}`);
    void executor.run(steps, () => {
      const { urn, id, outputs } = subjectOf(last);
      goals.set(urn, goal);
      // The outputs of a component are known only to the program.
      registered({ urn, id, outputs: goal.custom ? outputs : {} });
    });
  }

  const ended = run(program, { monitor, name, dryRun, config }).catch((error: unknown) => {
    executor.stop(error instanceof Error ? error : new Error(String(error)));
  });
  await Promise.race([ended, executor.stopped]);
  monitor.close();
}

async function deleteAll(generator: Generator, executor: Executor): Promise<void> {
  for (const group of generator.deletes()) {
    // Resources on which a protected resource depends are kept with it.
    const free = group.filter(
      (step) => !executor.protectedOnes.some((one) => generator.dependsOn(one, subjectOf(step))),
    );
    await Promise.all(free.map((step) => executor.run([step])));
  }
  await executor.idle();
}
