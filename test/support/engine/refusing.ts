import type { Provider } from "./provider.ts";

/** The error of a change that a provider refuses for a test. */
export class Refusal extends Error {
  constructor() {
    super("the test refuses this change");
  }
}

/** Returns a provider that makes a number of changes, and refuses all others before it does anything. */
export function refusingAfter(provider: Provider, changes: number): Provider {
  let made = 0;
  const counted =
    <Args extends readonly unknown[], Result>(change: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (made >= changes) throw new Refusal();
      made += 1;
      return change(...args);
    };
  const { create, update, delete: remove } = provider;
  return { ...provider, create: counted(create), update: counted(update), delete: counted(remove) };
}
