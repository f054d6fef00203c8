import * as v from "valibot";
import { forwardingIsEaten } from "../forwarding.ts";
import type { Command } from "../kernel/command.ts";
import type { Kernel } from "../kernel/kernel.ts";
import { readFiles } from "../kernel/tools/files.ts";
import { readSysctl, setSysctl } from "../kernel/tools/sysctl.ts";
import { type Kind, type Observed, place } from "../kind.ts";
import { erase, isNotable, note, readNotes } from "../notes.ts";
import { digest, stackNameOf, stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { args, field, isUnknown, rule } from "../schema.ts";
import { canonicalKey, fileOf, interfaceIn, keyOf, keyOn, PLACEHOLDER, writtenBeside } from "../sysctl-key.ts";
import { normalizeSysctl } from "../sysctl-value.ts";
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
      return named === PLACEHOLDER
        ? { at: "key", why: `"${key}" contains {interface}, so the argument interface is required` }
        : undefined;
    }
    if (named === link || named === PLACEHOLDER) return undefined;
    return {
      at: "key",
      why: `"${key}" is not a setting of the interface ${link}; an example of such a key is "net.ipv4.conf.${PLACEHOLDER}.rp_filter"`,
    };
  }),
);

type SysctlArgs = v.InferOutput<typeof fields>;

interface Seen extends Observed<SysctlArgs> {
  readonly namespace: string | undefined;
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
  /** The value from before a resource set it; undefined where none does. One that is set must keep its value. */
  readonly declared: { readonly previous: string } | undefined;
  /** Its value from before the switch was written, and the note of that, which is for all stacks that write the switch. */
  readonly noted: { readonly previous: string; readonly text: string } | undefined;
}

export const sysctl: Kind<SysctlArgs, Seen> = {
  type: "Sysctl",
  schema,
  proof: "state",
  complete: ({ key, value, interface: link, ...rest }) => {
    const named = link === undefined || isUnknown(link) || isUnknown(key) ? key : keyOn(key, link);
    const isKnown = !isUnknown(named) && !isUnknown(value);
    return {
      ...rest,
      ...(link !== undefined && { interface: link }),
      key: named,
      value: isKnown ? normalizeSysctl(named, value) : value,
    };
  },
  id: ({ namespace, key }) => place(namespace, key),
  // The kernel has some switches under two names. Two resources may share one as long as they ask for the same value.
  claims: ({ namespace, key, value }) => [{ name: `sysctl ${place(namespace, canonicalKey(key))}`, asks: value }],
  // A switch of a place writes the settings of its interfaces.
  serial: ({ namespace }) => `sysctls ${namespace}`,

  async observe(kernel, { previous, ...args }: SysctlArgs & { readonly previous?: string }, mark) {
    const value = await valueOf(kernel, args);
    const texts = await readNotes(kernel, args.namespace);
    const notes = texts.flatMap((text) => parse(args.key, text));
    const own = notes.find(({ by }) => isBy(by, mark));
    // A setting of an interface goes with it, and leaves its note.
    if (value === undefined && own === undefined) return undefined;
    return {
      namespace: args.namespace,
      // Every key has a value and no key has an owner, so each resource that asks may set it.
      state: value === undefined ? undefined : { ...args, value },
      mark,
      previous: (own ?? notes[0])?.previous ?? previous ?? value ?? "",
      note: own?.text,
      shared: notes.some((note) => note !== own),
      beside: await observeBeside(kernel, args, texts),
    };
  },

  plan({ seen, desired, mark }) {
    const unnote = (text: string | undefined) => (text === undefined ? [] : [erase(seen?.namespace, text)]);
    if (seen?.state === undefined) return desired === undefined ? unnote(seen?.note) : [{ run: write(desired) }];
    const { state, previous } = seen;
    const { namespace, key } = state;
    if (desired === undefined) {
      const back = { ...state, value: previous };
      return [
        ...(seen.shared || state.value === previous
          ? []
          : [{ run: write(back), tolerate: ["absent"] as const }, ...rewriteDeclared(seen)]),
        ...(seen.shared ? [] : restore(seen)),
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

/** Writes again the declared settings that the kernel has just written beside a switch. */
const rewriteDeclared = ({ namespace, beside }: Seen): Plan =>
  beside.flatMap(({ key, value, declared }) => (declared === undefined ? [] : [rewrite(namespace, key, value)]));

/** Notes the values of the settings that the kernel is about to write beside a switch and would not bring back. */
function noteBeside({ namespace, state, previous, beside }: Seen, mark: string): Plan {
  // Once the switch has been written, they are no more what they were.
  if (state?.value !== previous) return [];
  return beside.flatMap(({ key, value, declared, noted }) => {
    const before = declared?.previous ?? value;
    const text = `${BESIDE}${spell(key, before, mark)}`;
    const comesBack = before === (key.endsWith(".accept_redirects") ? opposite(previous) : previous);
    return noted !== undefined || comesBack || !isNotable(text) ? [] : [note(namespace, text)];
  });
}

/** Brings back the settings that the kernel has written beside a switch, as far as they are not declared. */
const restore = ({ namespace, beside }: Seen): Plan =>
  beside.flatMap(({ key, declared, noted }) => [
    ...(noted === undefined || declared !== undefined ? [] : [rewrite(namespace, key, noted.previous)]),
    ...(noted === undefined ? [] : [erase(namespace, noted.text)]),
  ]);

async function observeBeside(
  kernel: Kernel,
  { namespace, key }: SysctlArgs,
  notes: readonly string[],
): Promise<Beside[]> {
  const patterns = writtenBeside(key);
  if (patterns.length === 0) return [];
  const files = await readFiles(kernel, namespace, patterns);
  const values = new Map(files.map(({ path, text }) => [keyOf(path), text.trim()]));
  const before = notes.flatMap((text) => (text.startsWith(BESIDE) ? text.slice(BESIDE.length) : []));
  // The interface of a setting that was noted may be gone.
  const noted = before.map(keyIn).filter((other) => patterns.some((pattern) => isLike(fileOf(other), pattern)));
  const keys = new Set([...values.keys(), ...noted]);
  return [...keys].flatMap((beside) => {
    if (canonicalKey(beside) === canonicalKey(key)) return [];
    const [noted] = before.flatMap((text) => parse(beside, text));
    const [declared] = values.has(beside) ? notes.flatMap((text) => parse(beside, text)) : [];
    return {
      key: beside,
      value: values.get(beside) ?? "",
      declared: declared && { previous: declared.previous },
      noted: noted && { previous: noted.previous, text: `${BESIDE}${noted.text}` },
    };
  });
}

/** Whether a path is one that a shell's pattern stands for. */
const isLike = (path: string, pattern: string): boolean => {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? path === pattern : path.startsWith(before) && path.endsWith(after);
};

/** The key that a note is of. */
const keyIn = (text: string): string => text.slice(0, text.indexOf("=")).replaceAll("!", "/");

const opposite = (value: string): string => (value === "0" ? "1" : "0");

const rewrite = (namespace: string | undefined, key: string, value: string) => ({
  run: write({ namespace, key, value }),
  tolerate: ["absent"] as const,
});

const write = ({ namespace, key, value }: Pick<SysctlArgs, "namespace" | "key" | "value">): Command =>
  setSysctl(namespace, key, value);

async function valueOf(kernel: Kernel, { namespace, key }: SysctlArgs): Promise<string | undefined> {
  const text = await readSysctl(kernel, namespace, key);
  return text === undefined ? undefined : normalizeSysctl(key, text);
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
