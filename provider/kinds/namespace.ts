import * as v from "valibot";
import { exclusiveClaims } from "../claims.ts";
import { type Command, shellWords } from "../kernel/command.ts";
import { processesIn } from "../kernel/tools/holders.ts";
import { ip, type Link, showLinks } from "../kernel/tools/ip.ts";
import type { Kind, Observed } from "../kind.ts";
import { withHelp } from "../message.ts";
import { addNote, creationNote, readNotes, removeNote } from "../notes.ts";
import { isOfStack } from "../owner.ts";
import { args, field } from "../schema.ts";
import { flag, integer, namespaceName } from "../values.ts";
import { notedSettings, removeLink } from "./nic-loan.ts";

const schema = args({
  name: field(namespaceName(), { replaces: true }),
  // Only pictures read it; the kernel has no place for it.
  layer: v.optional(field(integer("a layer of the picture", 0, 99, 2))),
  // The state has it only if it is false, so that most namespaces show only their names.
  loopback: v.optional(
    field(
      v.pipe(
        flag(),
        v.transform((up): boolean | undefined => (up ? undefined : up)),
      ),
    ),
  ),
});

type NamespaceArgs = v.InferOutput<typeof schema>;

interface ObservedNamespace extends Observed<NamespaceArgs> {
  readonly name: string;
  /** Whether only the note, and no mark, shows that the namespace is ours. */
  readonly isBeingCreated: boolean;
  /** The physical interfaces that were moved to the namespace. The kernel may move them to another place than the lab host. */
  readonly lent: readonly Link[];
}

export const namespace: Kind<NamespaceArgs, ObservedNamespace> = {
  type: "Namespace",
  schema,
  ownership: "mark",
  id: ({ name }) => name,
  argsFromId: (name) => ({ name }),
  claims: ({ name }) => exclusiveClaims(`namespace ${name}`),

  // A namespace cannot store a mark, so its loopback interface has it. Until then, a note shows which stack is the owner.
  async observe(kernel, { name, layer }, mark) {
    const links = await showLinks(kernel, name);
    const loopback = links?.find(({ ifname }) => ifname === "lo");
    const alias = loopback?.ifalias;
    const isBeingCreated =
      alias === undefined && (await readNotes(kernel, undefined)).includes(creationNote(name, mark));
    if (loopback === undefined && !isBeingCreated) return undefined;
    return {
      name,
      isBeingCreated,
      lent: (links ?? []).filter((link) => notedSettings(link) !== undefined),
      state: loopback && {
        name,
        ...(layer !== undefined && { layer }),
        ...(!loopback.flags.includes("UP") && { loopback: false }),
      },
      mark: isBeingCreated ? mark : alias,
    };
  },

  plan({ seen, desired, mark }) {
    if (desired !== undefined) {
      const { name, loopback = true } = desired;
      const making = creationNote(name, mark);
      return [
        ...(seen === undefined ? [addNote(undefined, making)] : []),
        // If the note exists and the namespace does not, a file without a mounted namespace may be left.
        ...(seen !== undefined && seen.state === undefined
          ? [{ run: remove(name), tolerate: ["absent"] as const }]
          : []),
        ...(seen?.state === undefined
          ? [{ run: add(name), undo: remove(name), recover: { from: "exists" as const, run: removeStale(name) } }]
          : []),
        { run: ip(name, "link", "set", "dev", "lo", loopback ? "up" : "down", "alias", mark) },
        removeNote(undefined, making),
      ];
    }
    if (seen === undefined) return [];
    const { name } = seen;
    return [
      ...seen.lent
        .filter(({ ifalias }) => isOfStack(ifalias, mark))
        .flatMap((link) => removeLink({ namespace: name, name: link.ifname }, link)),
      { run: remove(name), tolerate: ["absent"] },
      ...(seen.isBeingCreated ? [removeNote(undefined, creationNote(name, mark))] : []),
    ];
  },

  async heldBy(kernel, { name }) {
    const holders = await processesIn(kernel, name);
    if (holders.length === 0) return undefined;
    const told = holders.slice(0, MOST_TOLD).map(({ pid, program }) => `${pid} (${program})`);
    const more = holders.length - told.length;
    return withHelp(
      `namespace ${name} has lost its name, and exists until its processes end: ${told.join(", ")}` +
        (more > 0 ? ` and ${more} more` : ""),
      `end the processes that are no longer needed, e.g. kill ${holders[0]?.pid}`,
    );
  },
};

/** The maximum number of holder processes that a warning names. */
const MOST_TOLD = 10;

/**
 * Returns the command that removes a namespace's file if no namespace is mounted on it, as after a reboot or an unmount. A
 * namespace that cannot be entered for another reason, such as a limit of the machine, is kept.
 */
const removeStale = (name: string): Command => ({
  tool: "sh",
  args: [
    "-c",
    'ip -n "$1" link show dev lo 2>&1 | grep -q "Invalid argument" && ip netns delete "$1"',
    "pulumi-netns",
    name,
  ],
  display: shellWords(["ip", "netns", "delete", name]),
});

const add = (name: string) => ip(undefined, "netns", "add", name);
const remove = (name: string) => ip(undefined, "netns", "delete", name);
