import { forwardDropWarning } from "../forwarding.ts";
import type { Command } from "../kernel/command.ts";
import type { KernelClient } from "../kernel/kernel.ts";
import { readFiles } from "../kernel/tools/files.ts";
import { readSysctl, setSysctl } from "../kernel/tools/sysctl.ts";
import { type Kind, type Observed, parsePlaceId, placeId } from "../kind.ts";
import { withHelp } from "../message.ts";
import { addNote, fitsNote, readNotes, removeNote } from "../notes.ts";
import { digest, stackNameOf, stackOf } from "../owner.ts";
import type { Plan } from "../plan.ts";
import { isUnknown } from "../schema.ts";
import { canonicalKey, fileOf, keyOf, keyOn, sideEffectPatterns } from "../sysctl-key.ts";
import { normalizeSysctl } from "../sysctl-value.ts";
import { type SysctlArgs, sysctlSchema } from "./sysctl-args.ts";
import { staleDefaultsWarning } from "./sysctl-defaults.ts";

interface ObservedSysctl extends Observed<SysctlArgs> {
  readonly namespace: string | undefined;
  /** The value from before any resource set the key. It is restored when the last one is deleted. */
  readonly previous: string;
  /** The stack's note of the previous value; undefined if there is none. */
  readonly note: string | undefined;
  /** Whether other stacks have also set the key. */
  readonly shared: boolean;
  /** The settings that the kernel writes together with this one. */
  readonly sideEffects: readonly SideEffect[];
}

/** A setting that the kernel writes when a switch is written. */
interface SideEffect {
  readonly key: string;
  readonly value: string;
  /** The value from before a resource set it; undefined if none does. A setting that a resource sets must keep its value. */
  readonly declared: { readonly previous: string } | undefined;
  /** Its value from before the switch was written, and the note of it, which all stacks that write the switch share. */
  readonly noted: { readonly previous: string; readonly text: string } | undefined;
}

export const sysctl: Kind<SysctlArgs, ObservedSysctl> = {
  type: "Sysctl",
  schema: sysctlSchema,
  ownership: "state",
  applyDefaults: ({ key, value, interface: link, ...rest }) => {
    const named = link === undefined || isUnknown(link) || isUnknown(key) ? key : keyOn(key, link);
    const isKnown = !isUnknown(named) && !isUnknown(value);
    return {
      ...rest,
      ...(link !== undefined && { interface: link }),
      key: named,
      value: isKnown ? normalizeSysctl(named, value) : value,
    };
  },
  id: ({ namespace, key }) => placeId(namespace, key),
  // A key has slashes, too, and begins with net.
  argsOfImport: (id) => {
    const { namespace, name: key } = /^net[./]/.test(id) ? { name: id } : parsePlaceId(id);
    return { key, value: "", ...(namespace !== undefined && { namespace }) };
  },
  // The kernel has some switches under two names. Two resources may share one if they set the same value.
  claims: ({ namespace, key, value }) => [
    { name: `sysctl ${placeId(namespace, canonicalKey(key))}`, sharedValue: value },
  ],
  // Writing a switch of a place also writes the settings of its interfaces.
  lockKey: ({ namespace }) => `sysctls ${namespace}`,

  async observe(kernel, { previous, ...args }: SysctlArgs & { readonly previous?: string }, mark) {
    const value = await valueOf(kernel, args);
    const texts = await readNotes(kernel, args.namespace);
    const notes = texts.flatMap((text) => parseNote(args.key, text));
    const own = notes.find(({ by }) => isNoteOf(by, mark));
    // A setting of an interface is deleted with the interface, but its note remains.
    if (value === undefined && own === undefined) return undefined;
    return {
      namespace: args.namespace,
      // Every key has a value and no key has an owner, so any resource may set it.
      state: value === undefined ? undefined : { ...args, value },
      mark,
      previous: (own ?? notes[0])?.previous ?? previous ?? value ?? "",
      note: own?.text,
      shared: notes.some((note) => note !== own),
      sideEffects: await observeSideEffects(kernel, args, texts),
    };
  },

  plan({ seen, desired, mark }) {
    const removeNotes = (text: string | undefined) => (text === undefined ? [] : [removeNote(seen?.namespace, text)]);
    if (seen?.state === undefined)
      return desired === undefined ? removeNotes(seen?.note) : [{ run: writeCommand(desired) }];
    const { state, previous } = seen;
    const { namespace, key } = state;
    if (desired === undefined) {
      const back = { ...state, value: previous };
      return [
        ...(seen.shared || state.value === previous
          ? []
          : [{ run: writeCommand(back), tolerate: ["absent"] as const }, ...rewriteDeclared(seen)]),
        ...(seen.shared ? [] : restoreSideEffects(seen)),
        ...removeNotes(seen.note),
      ];
    }
    const text = noteText(key, previous, mark);
    const stays = seen.note === text || !fitsNote(text);
    return [
      ...(stays ? [] : [addNote(namespace, text)]),
      ...(state.value === desired.value
        ? []
        : [...noteSideEffects(seen, mark), { run: writeCommand(desired) }, ...rewriteDeclared(seen)]),
      ...(stays ? [] : removeNotes(seen.note)),
    ];
  },

  warn: async (kernel, { namespace, key, value }) => {
    const [, family] = /^net\.ipv([46])\.(?:ip_forward|conf\.all\.forwarding)$/.exec(key) ?? [];
    if (family === undefined || value === "0") return undefined;
    return forwardDropWarning(kernel, namespace, family === "4" ? "ip" : "ip6");
  },

  warnOverwritten: ({ state, shared }, { namespace, key, value }) =>
    !shared || state === undefined || state.value === value
      ? undefined
      : withHelp(
          `${key} ${namespace === undefined ? "on the lab host" : `in ${namespace}`} was ${state.value} and is ${value} now, and another stack has set it too`,
          "a sysctl has one value for all stacks: set the same value in each, or declare it in one of them",
        ),

  warnLeftover: (kernel, args) =>
    staleDefaultsWarning(kernel, args, async () => {
      const notes = await readNotes(kernel, args.namespace);
      return (key) => notes.some((text) => parseNote(key, text).length > 0);
    }),

  extraState: ({ previous }) => ({ previous }),
};

/** Plans to restore the declared settings that the kernel has just written together with a switch. */
const rewriteDeclared = ({ namespace, sideEffects }: ObservedSysctl): Plan =>
  sideEffects.flatMap(({ key, value, declared }) =>
    declared === undefined ? [] : [rewriteStep(namespace, key, value)],
  );

/** Plans notes of the values of the settings that the kernel will write together with a switch and would not restore. */
function noteSideEffects({ namespace, state, previous, sideEffects }: ObservedSysctl, mark: string): Plan {
  // After the switch has been written, the settings no longer have their previous values.
  if (state?.value !== previous) return [];
  return sideEffects.flatMap(({ key, value, declared, noted }) => {
    const before = declared?.previous ?? value;
    const text = `${SIDE_EFFECT_PREFIX}${noteText(key, before, mark)}`;
    const comesBack = before === (key.endsWith(".accept_redirects") ? opposite(previous) : previous);
    return noted !== undefined || comesBack || !fitsNote(text) ? [] : [addNote(namespace, text)];
  });
}

/** Plans to restore the settings that the kernel has written together with a switch, except declared ones. */
const restoreSideEffects = ({ namespace, sideEffects }: ObservedSysctl): Plan =>
  sideEffects.flatMap(({ key, declared, noted }) => [
    ...(noted === undefined || declared !== undefined ? [] : [rewriteStep(namespace, key, noted.previous)]),
    ...(noted === undefined ? [] : [removeNote(namespace, noted.text)]),
  ]);

async function observeSideEffects(
  kernel: KernelClient,
  { namespace, key }: SysctlArgs,
  notes: readonly string[],
): Promise<SideEffect[]> {
  const patterns = sideEffectPatterns(key);
  if (patterns.length === 0) return [];
  const files = await readFiles(kernel, namespace, patterns);
  const values = new Map(files.map(({ path, text }) => [keyOf(path), text.trim()]));
  const before = notes.flatMap((text) =>
    text.startsWith(SIDE_EFFECT_PREFIX) ? text.slice(SIDE_EFFECT_PREFIX.length) : [],
  );
  // The interface of a setting with a note may have been deleted.
  const noted = before
    .map(keyOfNote)
    .filter((other) => patterns.some((pattern) => matchesPattern(fileOf(other), pattern)));
  const keys = new Set([...values.keys(), ...noted]);
  return [...keys].flatMap((beside) => {
    if (canonicalKey(beside) === canonicalKey(key)) return [];
    const [noted] = before.flatMap((text) => parseNote(beside, text));
    const [declared] = values.has(beside) ? notes.flatMap((text) => parseNote(beside, text)) : [];
    return {
      key: beside,
      value: values.get(beside) ?? "",
      declared: declared && { previous: declared.previous },
      noted: noted && { previous: noted.previous, text: `${SIDE_EFFECT_PREFIX}${noted.text}` },
    };
  });
}

/** Returns whether a path matches a shell pattern. */
const matchesPattern = (path: string, pattern: string): boolean => {
  const [before = "", after] = pattern.split("*");
  return after === undefined ? path === pattern : path.startsWith(before) && path.endsWith(after);
};

/** Returns the key in a note. */
const keyOfNote = (text: string): string => text.slice(0, text.indexOf("=")).replaceAll("!", "/");

const opposite = (value: string): string => (value === "0" ? "1" : "0");

const rewriteStep = (namespace: string | undefined, key: string, value: string) => ({
  run: writeCommand({ namespace, key, value }),
  tolerate: ["absent"] as const,
});

const writeCommand = ({ namespace, key, value }: Pick<SysctlArgs, "namespace" | "key" | "value">): Command =>
  setSysctl(namespace, key, value);

async function valueOf(kernel: KernelClient, { namespace, key }: SysctlArgs): Promise<string | undefined> {
  const text = await readSysctl(kernel, namespace, key);
  return text === undefined ? undefined : normalizeSysctl(key, text);
}

/** Returns a stack's note of a key's original value. Each stack has one, so a crash or another stack's destroy cannot lose it. */
const noteText = (key: string, previous: string, mark: string): string =>
  `${noteKey(key)}=${previous.replaceAll(" ", "~")}:${digest(String(stackOf(mark)))}`;

function parseNote(key: string, text: string): { text: string; by: string; previous: string }[] {
  const [, name, previous, by] = /^([^=]+)=(.*):([0-9a-f]{8})$/.exec(text) ?? [];
  const isOfKey = name === noteKey(key) || name === key.replaceAll("/", "!");
  if (!isOfKey || previous === undefined || by === undefined) return [];
  return [{ text, by, previous: previous.replaceAll("~", " ") }];
}

/** Returns whether a note belongs to a stack. In version 0.1.0, notes contain only the stack's name. */
const isNoteOf = (by: string, mark: string): boolean =>
  by === digest(String(stackOf(mark))) || by === digest(String(stackNameOf(mark)));

/** The prefix of the note of a setting that the kernel has written together with a switch. */
const SIDE_EFFECT_PREFIX = "+";

// A note cannot contain blanks or slashes. No key contains `!`, and no kernel value contains `~`.
const noteKey = (key: string): string => canonicalKey(key).replaceAll("/", "!");
