import { KernelError } from "./errors.ts";
import { glances } from "./kernel/client/snapshot.ts";
import type { Kernel } from "./kernel/kernel.ts";
import type { Kind, Observed, Transition } from "./kind.ts";
import { carryOut } from "./plan.ts";
import { inCompany, inTurn, patiently } from "./turns.ts";

/** A change of one resource's object, before anybody has looked. */
export interface Intent<Args extends object, Seen> {
  readonly mark: string;
  /** Looks what is to be done; undefined when that is nothing. */
  readonly look: (kernel: Kernel) => Promise<Transition<Args, Seen> | undefined>;
  /** What is to be tried before a look, where the kernel itself sees to it that nothing is lost. */
  readonly unseen?: Transition<Args, Seen>;
}

/** Looks, plans and does, and answers with what was seen; undefined when there was nothing to see. */
export type Change<Args extends object, Seen> = (own: Args, intent: Intent<Args, Seen>) => Promise<Seen | undefined>;

/** How the objects of a kind are changed: each in its turn, and together where the kind knows how. */
export function changer<Args extends object, Seen extends Observed<Args>>(
  kind: Kind<Args, Seen>,
  kernel: Kernel,
): Change<Args, Seen> {
  const alone = ({ look, unseen }: Intent<Args, Seen>): Promise<Seen | undefined> =>
    patiently(async () => {
      if (unseen !== undefined && (await isMade(unseen))) return undefined;
      const change = await look(kernel);
      if (change !== undefined) await carryOut(kernel, kind.plan(change));
      return change?.seen;
    });

  async function isMade(change: Transition<Args, Seen>): Promise<boolean> {
    try {
      await carryOut(kernel, kind.plan(change));
      return true;
    } catch (error) {
      if (error instanceof KernelError && error.reason === "exists") return false;
      throw error;
    }
  }

  const { serial, planTogether } = kind;
  const namesOf = (own: Args, mark: string): string[] => [
    ...kind.claims(own, mark).map(({ name }) => name),
    ...(serial === undefined ? [] : [serial(own)]),
  ];
  if (serial === undefined || planTogether === undefined)
    return (own, intent) => inTurn(namesOf(own, intent.mark), () => alone(intent));
  const company = inCompany<Intent<Args, Seen>, Seen>({
    alone,
    async together(intents) {
      const glance = glances(kernel, 0);
      const changes = await Promise.all(intents.map(({ look }) => glance(look)));
      await carryOut(kernel, planTogether(changes.flatMap((change) => change ?? [])));
      return changes.map((change) => change?.seen);
    },
  });
  return (own, intent) => company(serial(own), intent);
}
