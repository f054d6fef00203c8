import * as v from "valibot";
import { classify, KernelError } from "../errors.ts";
import type { Command, Kernel } from "../kernel/kernel.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { erase, isNotable, note, readNotes } from "../notes.ts";
import { digest } from "../owner.ts";
import type { Step } from "../plan.ts";
import { args, field } from "../schema.ts";
import { namespaceName, sysctlKey, sysctlValue } from "../values.ts";

const schema = args({
  key: field(sysctlKey(), { replaces: true }),
  value: field(sysctlValue()),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
});

type SysctlArgs = v.InferOutput<typeof schema>;

/** Whose setting of a key it is, and the value from before it. A crash must not lose that value, so it is noted. */
interface Setting {
  readonly by: string;
  readonly previous: string;
}

interface Seen extends Observed<SysctlArgs> {
  readonly own: Setting;
  /** The value that the resource has given, or is to give. */
  readonly given: string;
  readonly noted: boolean;
  /** Those of other stacks that have set the same key. */
  readonly others: readonly Setting[];
}

export const sysctl: Kind<SysctlArgs, Seen> = {
  type: "Sysctl",
  schema,
  proof: "state",
  id: ({ namespace, key }) => place(namespace, key),
  claims: (args) => [`sysctl ${sysctl.id(args, "")}`],
  serial: ({ namespace, key }) => `sysctl ${place(namespace, key)}`,

  async observe(kernel, wanted: SysctlArgs & { readonly previous?: string }, mark) {
    const { previous, ...args } = wanted;
    const value = await valueOf(kernel, args);
    if (value === undefined) return undefined;
    const settings = (await readNotes(kernel, args.namespace)).flatMap((text) => parse(args.key, text));
    const noted = settings.find(({ by }) => by === digest(mark));
    return {
      // Every key has a value and none has an owner, so whoever asks may set it.
      state: { ...args, value },
      mark,
      own: noted ?? { by: digest(mark), previous: previous ?? value },
      given: args.value,
      noted: noted !== undefined,
      others: settings.filter((setting) => setting !== noted),
    };
  },

  plan({ seen, desired }) {
    if (seen?.state === undefined) return desired === undefined ? [] : [{ run: write(desired) }];
    const { state, own, others } = seen;
    if (desired !== undefined) {
      return [
        ...(seen.noted ? [] : keepNote(state, own)),
        ...(state.value === desired.value ? [] : [{ run: write(desired) }]),
      ];
    }
    // Whoever found our value when they came keeps it, and inherits what is to come back in the end.
    const heir = others.find(({ previous }) => previous === seen.given);
    if (heir !== undefined) {
      return [eraseNote(state, own), eraseNote(state, heir), ...keepNote(state, { ...heir, previous: own.previous })];
    }
    const back = { ...state, value: own.previous };
    return [
      ...(state.value === back.value ? [] : [{ run: write(back), tolerate: ["absent"] as const }]),
      eraseNote(state, own),
    ];
  },

  keep: ({ own }) => ({ previous: own.previous }),
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

function keepNote({ namespace, key }: SysctlArgs, setting: Setting): Step[] {
  const text = spell(key, setting);
  return isNotable(text) ? [note(namespace, text)] : [];
}

const eraseNote = ({ namespace, key }: SysctlArgs, setting: Setting): Step => erase(namespace, spell(key, setting));

// A note takes neither blanks nor slashes. The signs in their place are in no key and in no value of the kernel's.
const spell = (key: string, { by, previous }: Setting): string =>
  `${key.replaceAll("/", "!")}=${previous.replaceAll(" ", "~")}:${by}`;

function parse(key: string, text: string): Setting[] {
  const [, name, previous, by] = /^([^=]+)=(.*):([0-9a-f]{8})$/.exec(text) ?? [];
  if (name === undefined || previous === undefined || by === undefined) return [];
  return name.replaceAll("!", "/") === key ? [{ by, previous: previous.replaceAll("~", " ") }] : [];
}
