import type { KernelClient } from "./kernel/kernel.ts";
import { dev, ip, showLink } from "./kernel/tools/ip.ts";
import { digest, stackNameOf } from "./owner.ts";
import type { Step } from "./plan.ts";

/*
 * Some objects have no room for our mark, and some get theirs only after their birth. What a crash must not lose of them is
 * noted in their network namespace, as an alternative name of its loopback interface: visible to whoever looks, and gone
 * with the namespace.
 */

/** Notes a text, if it is not noted already. */
export const addNote = (namespace: string | undefined, text: string): Step => ({
  run: ip(namespace, "link", "property", "add", dev("lo"), "altname", text),
  undo: removeNote(namespace, text).run,
  tolerate: ["exists"],
});

/** Takes a note back, if it is there. */
export const removeNote = (namespace: string | undefined, text: string): Step => ({
  run: ip(namespace, "link", "property", "del", dev("lo"), "altname", text),
  tolerate: ["absent"],
});

/** The notes in a namespace; none where the namespace is not there. */
export async function readNotes(kernel: KernelClient, namespace: string | undefined): Promise<readonly string[]> {
  return (await showLink(kernel, namespace, "lo"))?.altnames ?? [];
}

/** Whether a text can be noted. */
export const fitsNote = (text: string): boolean => text.length <= 127 && /^[^\s/]+$/.test(text);

/** The note that the stack of a mark is making a namespace, which has no mark yet. */
export const creationNote = (namespace: string, mark: string): string => `${creationPrefix(mark)}${digest(namespace)}`;

/** Whether a text is a note that the stack of a mark is making a namespace. */
export const isCreationNote = (text: string, mark: string): boolean => text.startsWith(creationPrefix(mark));

const creationPrefix = (mark: string): string => `pulumi-netns:making:${digest(String(stackNameOf(mark)))}:`;
