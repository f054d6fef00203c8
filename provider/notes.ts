import type { KernelClient } from "./kernel/kernel.ts";
import { dev, ip, showLink } from "./kernel/tools/ip.ts";
import { digest, stackNameOf } from "./owner.ts";
import type { Step } from "./plan.ts";

/*
 * Some objects cannot store our mark, and some get their mark only after they are created. The facts about them that must
 * survive a crash are stored as notes in their network namespace: alternative names of its loopback interface. A note is
 * visible to every user of `ip`, and is deleted with the namespace.
 */

/** Adds a note, if it does not exist yet. */
export const addNote = (namespace: string | undefined, text: string): Step => ({
  run: ip(namespace, "link", "property", "add", dev("lo"), "altname", text),
  undo: removeNote(namespace, text).run,
  tolerate: ["exists"],
});

/** Removes a note, if it exists. */
export const removeNote = (namespace: string | undefined, text: string): Step => ({
  run: ip(namespace, "link", "property", "del", dev("lo"), "altname", text),
  tolerate: ["absent"],
});

/** Returns the notes in a namespace; none if the namespace does not exist. */
export async function readNotes(kernel: KernelClient, namespace: string | undefined): Promise<readonly string[]> {
  return (await showLink(kernel, namespace, "lo"))?.altnames ?? [];
}

/** Returns whether a text can be stored as a note. */
export const fitsNote = (text: string): boolean => text.length <= 127 && /^[^\s/]+$/.test(text);

/** Returns the note that the stack of a mark is creating a namespace, which has no mark yet. */
export const creationNote = (namespace: string, mark: string): string => `${creationPrefix(mark)}${digest(namespace)}`;

/** Returns whether a note shows that the stack of a mark is creating a namespace. */
export const isCreationNote = (text: string, mark: string): boolean => text.startsWith(creationPrefix(mark));

const creationPrefix = (mark: string): string => `pulumi-netns:making:${digest(String(stackNameOf(mark)))}:`;
