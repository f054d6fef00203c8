import * as v from "valibot";
import { classify, KernelError } from "../errors.ts";
import type { Command, Kernel } from "../kernel/kernel.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { args, field } from "../schema.ts";
import { namespaceName, sysctlKey, sysctlValue } from "../values.ts";

const schema = args({
  key: field(sysctlKey(), { replaces: true }),
  value: field(sysctlValue()),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
});

type SysctlArgs = v.InferOutput<typeof schema>;

interface Seen extends Observed<SysctlArgs> {
  /** The value from before the resource, which its end brings back. */
  readonly previous: string;
}

export const sysctl: Kind<SysctlArgs, Seen> = {
  type: "Sysctl",
  schema,
  proof: "state",
  id: ({ namespace, key }) => place(namespace, key),
  claims: (args) => [`sysctl ${sysctl.id(args, "")}`],

  async observe(kernel, wanted: SysctlArgs & { readonly previous?: string }, mark) {
    const value = await valueOf(kernel, wanted);
    if (value === undefined) return undefined;
    const { previous, ...args } = wanted;
    // Every key has a value and none has an owner, so whoever asks may set it.
    return { state: { ...args, value }, mark, previous: previous ?? value };
  },

  plan({ seen, desired }) {
    if (desired !== undefined) return seen?.state?.value === desired.value ? [] : [{ run: write(desired) }];
    if (seen?.state === undefined || seen.state.value === seen.previous) return [];
    return [{ run: write({ ...seen.state, value: seen.previous }), tolerate: ["absent"] }];
  },

  keep: ({ previous }) => ({ previous }),
};

const write = ({ namespace, key, value }: SysctlArgs): Command => ({
  tool: "sysctl",
  namespace,
  args: ["--write", `${key}=${value}`],
});

async function valueOf(kernel: Kernel, { namespace, key }: SysctlArgs): Promise<string | undefined> {
  const command: Command = { tool: "sysctl", namespace, args: ["--values", key] };
  const outcome = await kernel.run(command);
  if (outcome.code === 0)
    return outcome.stdout
      .trim()
      .split(/[ \t]+/)
      .join(" ");
  if (classify(outcome) === "absent") return undefined;
  throw new KernelError(command, outcome);
}
