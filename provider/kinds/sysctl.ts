import * as v from "valibot";
import { forwardingIsEaten } from "../forwarding.ts";
import { ask } from "../kernel/ask.ts";
import { readFiles } from "../kernel/files.ts";
import type { Command, Kernel } from "../kernel/kernel.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { erase, isNotable, note, readNotes } from "../notes.ts";
import { digest, stackNameOf, stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, field, isUnknown, rule } from "../schema.ts";
import { canonicalKey, interfaceIn, keyOf, keyOn, PLACEHOLDER, writtenBeside } from "../sysctl-key.ts";
import { interfaceName, namespaceName, sysctlKey, sysctlValue } from "../values.ts";

const fields = args({
  key: field(sysctlKey(), { replaces: true }),
  value: field(sysctlValue()),
  interface: v.optional(field(interfaceName(), { replaces: true })),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
});

const schema = v.pipe(
  fields,
  rule<SysctlArgs, "key" | "interface">(["key", "interface"], ({ key, interface: link }) => {
    const named = interfaceIn(key);
    if (link === undefined) {
      return named === PLACEHOLDER ? { at: "key", why: `"${key}" needs the interface that it is of` } : undefined;
    }
    if (named === link || named === PLACEHOLDER) return undefined;
    return {
      at: "key",
      why: `"${key}" is no setting of the interface ${link}; such a key is, for example, "net.ipv4.conf.${PLACEHOLDER}.rp_filter"`,
    };
  }),
);

type SysctlArgs = v.InferOutput<typeof fields>;

interface Seen extends Observed<SysctlArgs> {
  /** The value from before any resource set the key. It comes back with the end of the last one. */
  readonly previous: string;
  /** The stack's note of it; undefined when there is none. */
  readonly note: string | undefined;
  /** Whether other stacks have set the key, too. */
  readonly shared: boolean;
  /** The settings that the kernel writes beside this one. */
  readonly beside: readonly Beside[];
}

/** A setting that the kernel writes when a switch is written. */
interface Beside {
  readonly key: string;
  readonly value: string;
  /** Whether a resource of the stack sets it, so that it must keep its value. */
  readonly declared: boolean;
  /** Its value from before the switch was written, and the note of that. */
  readonly noted?: { readonly previous: string; readonly text: string } | undefined;
}

export const sysctl: Kind<SysctlArgs, Seen> = {
  type: "Sysctl",
  schema,
  proof: "state",
  complete: (args) =>
    args.interface === undefined || isUnknown(args.interface) || isUnknown(args.key)
      ? args
      : { ...args, key: keyOn(args.key, args.interface) },
  id: ({ namespace, key }) => place(namespace, key),
  // The kernel has some switches under two names. Two resources may share one as long as they ask for the same value.
  claims: ({ namespace, key, value }) => [{ name: `sysctl ${place(namespace, canonicalKey(key))}`, asks: value }],
  // A switch of a place writes the settings of its interfaces.
  serial: ({ namespace }) => `sysctls ${namespace}`,

  async observe(kernel, { previous, ...args }: SysctlArgs & { readonly previous?: string }, mark) {
    const value = await valueOf(kernel, args);
    if (value === undefined) return undefined;
    const texts = await readNotes(kernel, args.namespace);
    const notes = texts.flatMap((text) => parse(args.key, text));
    const own = notes.find(({ by }) => isBy(by, mark));
    return {
      // Every key has a value and no key has an owner, so each resource that asks may set it.
      state: { ...args, value },
      mark,
      previous: (own ?? notes[0])?.previous ?? previous ?? value,
      note: own?.text,
      shared: notes.some((note) => note !== own),
      beside: await observeBeside(kernel, args, texts, mark),
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
        ...(seen.shared || state.value === previous
          ? []
          : [{ run: write(back), tolerate: ["absent"] as const }, ...rewriteDeclared(seen), ...restore(seen)]),
        ...unnote(seen.note),
      ];
    }
    const text = spell(key, previous, mark);
    const stays = seen.note === text || !isNotable(text);
    return [
      ...(stays ? [] : [note(namespace, text)]),
      ...(state.value === desired.value
        ? []
        : [...noteBeside(seen, mark), { run: write(desired) }, ...rewriteDeclared(seen)]),
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

/** Writes again the settings of the stack that the kernel has just written beside a switch. */
const rewriteDeclared = ({ state, beside }: Seen): Plan =>
  beside.flatMap(({ key, value, declared }) => (declared ? [rewrite(state?.namespace, key, value)] : []));

/** Notes the values of the settings that the kernel is about to write beside a switch and would not bring back. */
function noteBeside({ state, previous, beside }: Seen, mark: string): Plan {
  // Once the switch has been written, they are no more what they were.
  if (state?.value !== previous) return [];
  return beside.flatMap(({ key, value, declared, noted }) => {
    const text = `${BESIDE}${spell(key, value, mark)}`;
    const comesBack = value === (key.endsWith(".accept_redirects") ? opposite(previous) : previous);
    return declared || noted !== undefined || comesBack || !isNotable(text) ? [] : [note(state?.namespace, text)];
  });
}

/** Brings back the settings that the kernel has written beside a switch. */
const restore = ({ state, beside }: Seen): Plan =>
  beside.flatMap(({ key, noted }) =>
    noted === undefined
      ? []
      : [rewrite(state?.namespace, key, noted.previous), erase(state?.namespace, noted.text)],
  );

async function observeBeside(
  kernel: Kernel,
  { namespace, key }: SysctlArgs,
  notes: readonly string[],
  mark: string,
): Promise<Beside[]> {
  const patterns = writtenBeside(key);
  const files = patterns.length === 0 ? [] : await readFiles(kernel, namespace, patterns);
  return files.flatMap(({ path, text }) => {
    const beside = keyOf(path);
    if (canonicalKey(beside) === canonicalKey(key)) return [];
    const ownNote = (texts: readonly string[]) =>
      texts.flatMap((text) => parse(beside, text)).find(({ by }) => isBy(by, mark));
    const before = notes.filter((text) => text.startsWith(BESIDE));
    const noted = ownNote(before.map((text) => text.slice(BESIDE.length)));
    return {
      key: beside,
      value: text.trim(),
      declared: ownNote(notes) !== undefined,
      noted: noted && { previous: noted.previous, text: `${BESIDE}${noted.text}` },
    };
  });
}

const opposite = (value: string): string => (value === "0" ? "1" : "0");

const rewrite = (namespace: string | undefined, key: string, value: string) => ({
  run: write({ namespace, key, value }),
  tolerate: ["absent"] as const,
});

const write = ({ namespace, key, value }: Pick<SysctlArgs, "namespace" | "key" | "value">): Command => ({
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
  `${spellKey(key)}=${previous.replaceAll(" ", "~")}:${digest(String(stackOf(mark)))}`;

function parse(key: string, text: string): { text: string; by: string; previous: string }[] {
  const [, name, previous, by] = /^([^=]+)=(.*):([0-9a-f]{8})$/.exec(text) ?? [];
  const isOfKey = name === spellKey(key) || name === key.replaceAll("/", "!");
  if (!isOfKey || previous === undefined || by === undefined) return [];
  return [{ text, by, previous: previous.replaceAll("~", " ") }];
}

/** Whether a note is a stack's. Version 0.1.0 noted the stack's name alone. */
const isBy = (by: string, mark: string): boolean =>
  by === digest(String(stackOf(mark))) || by === digest(String(stackNameOf(mark)));

/** What begins the note of a setting that the kernel has written beside a switch. */
const BESIDE = "+";

// A note takes neither blanks nor slashes. No key has a `!`, and no value of the kernel's a `~`.
const spellKey = (key: string): string => canonicalKey(key).replaceAll("/", "!");
