import * as v from "valibot";
import { forwardingIsEaten } from "../forwarding.ts";
import { ask } from "../kernel/ask.ts";
import type { Command, Kernel } from "../kernel/kernel.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { erase, isNotable, note, readNotes } from "../notes.ts";
import { digest, stackOf } from "../owner.ts";
import { args, field } from "../schema.ts";
import { namespaceName, sysctlKey, sysctlValue } from "../values.ts";

const schema = args({
  key: field(sysctlKey(), { replaces: true }),
  value: field(sysctlValue()),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
});

type SysctlArgs = v.InferOutput<typeof schema>;

interface Seen extends Observed<SysctlArgs> {
  /** The value from before any resource set the key. It comes back with the end of the last one. */
  readonly previous: string;
  /** The stack's note of it; undefined when there is none. */
  readonly note: string | undefined;
  /** Whether other stacks have set the key, too. */
  readonly shared: boolean;
}

export const sysctl: Kind<SysctlArgs, Seen> = {
  type: "Sysctl",
  schema,
  proof: "state",
  id: ({ namespace, key }) => place(namespace, key),
  claims: (args) => [`sysctl ${sysctl.id(args, "")}`],
  serial: ({ namespace, key }) => `sysctl ${place(namespace, key)}`,

  async observe(kernel, { previous, ...args }: SysctlArgs & { readonly previous?: string }, mark) {
    const value = await valueOf(kernel, args);
    if (value === undefined) return undefined;
    const notes = (await readNotes(kernel, args.namespace)).flatMap((text) => parse(args.key, text));
    const own = notes.find(({ by }) => by === stackDigest(mark));
    return {
      // Every key has a value and none has an owner, so whoever asks may set it.
      state: { ...args, value },
      mark,
      previous: (own ?? notes[0])?.previous ?? previous ?? value,
      note: own?.text,
      shared: notes.some((note) => note !== own),
    };
  },

  plan({ seen, desired, mark }) {
    if (seen?.state === undefined) return desired === undefined ? [] : [{ run: write(desired) }];
    const { state, previous } = seen;
    const { namespace, key } = state;
    const unnote = (text: string | undefined) => (text === undefined ? [] : [erase(namespace, text)]);
    if (desired === undefined) {
      const back = { ...state, value: previous };
      return [
        ...(seen.shared || state.value === previous ? [] : [{ run: write(back), tolerate: ["absent"] as const }]),
        ...unnote(seen.note),
      ];
    }
    const text = spell(key, previous, mark);
    const stays = seen.note === text || !isNotable(text);
    return [
      ...(stays ? [] : [note(namespace, text)]),
      ...(state.value === desired.value ? [] : [{ run: write(desired) }]),
      ...(stays ? [] : unnote(seen.note)),
    ];
  },

  warn: async (kernel, { namespace, key, value }) => {
    const [, family] = /^net\.ipv([46])\.(?:ip_forward|conf\.all\.forwarding)$/.exec(key) ?? [];
    if (family === undefined || value === "0") return undefined;
    return forwardingIsEaten(kernel, namespace, family === "4" ? "ip" : "ip6");
  },

  keep: ({ previous }) => ({ previous }),
};

const write = ({ namespace, key, value }: SysctlArgs): Command => ({
  tool: "sysctl",
  namespace,
  args: ["--write", `${key}=${value}`],
});

async function valueOf(kernel: Kernel, { namespace, key }: SysctlArgs): Promise<string | undefined> {
  const text = await ask(kernel, { tool: "sysctl", namespace, args: ["--values", key] });
  return text
    ?.trim()
    .split(/[ \t]+/)
    .join(" ");
}

/** Each stack that has set a key notes the value from before all of them: a crash must not lose it, nor another's end. */
const spell = (key: string, previous: string, mark: string): string =>
  `${spellKey(key)}=${previous.replaceAll(" ", "~")}:${stackDigest(mark)}`;

function parse(key: string, text: string): { text: string; by: string; previous: string }[] {
  const [, name, previous, by] = /^([^=]+)=(.*):([0-9a-f]{8})$/.exec(text) ?? [];
  if (name !== spellKey(key) || previous === undefined || by === undefined) return [];
  return [{ text, by, previous: previous.replaceAll("~", " ") }];
}

// A note takes neither blanks nor slashes. No key has a `!`, and no value of the kernel's a `~`.
const spellKey = (key: string): string => key.replaceAll("/", "!");

const stackDigest = (mark: string): string => digest(String(stackOf(mark)));
