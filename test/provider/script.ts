import { expect } from "vitest";
import { type Kernel, type Outcome, show } from "../../provider/kernel/kernel.ts";

/** A command that is to come, as a person would type it, and its answer; without one it succeeds and says nothing. */
export type Exchange = readonly [command: string, answer?: Outcome];

/** The answer of a command that prints JSON. */
export const tells = (value: unknown): Outcome => ({ code: 0, stdout: JSON.stringify(value), stderr: "" });

/** The answer of a command that fails. */
export const fails = (stderr: string, code = 2): Outcome => ({ code, stdout: "", stderr });

/** What is asked after a bridge of the lab host is made: whether firewalls see what it switches. They do not. */
export const UNFILTERED: Exchange = [
  "sysctl --values net.bridge.bridge-nf-call-iptables",
  { code: 0, stdout: "0\n", stderr: "" },
];

/** Does work over a kernel that answers from a script, and holds it to asking all of that in that order, and no more. */
export async function scripted<T>(script: readonly Exchange[], work: (kernel: Kernel) => Promise<T>): Promise<T> {
  const left = [...script];
  const strays: string[] = [];
  const kernel: Kernel = {
    async run(command) {
      const [expected, answer] = left[0] ?? [];
      if (show(command) !== expected) {
        strays.push(show(command));
        throw new Error(`not in the script: ${show(command)}`);
      }
      left.shift();
      return answer ?? { code: 0, stdout: "", stderr: "" };
    },
  };
  try {
    return await work(kernel);
  } finally {
    expect({ left, strays }).toEqual({ left: [], strays: [] });
  }
}

/** A kernel that nothing may be asked of. */
export const untouched: Kernel = {
  async run(command) {
    throw new Error(`nothing was to be run, and there came: ${show(command)}`);
  },
};
