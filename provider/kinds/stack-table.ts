import { stackNameOf } from "../owner.ts";

/*
 * The nft table of a stack, which contains its NAT rules and filter chains. It is deleted with the last of them.
 */

/** Returns the name of the table of a mark's stack. */
export const tableOf = (mark: string): string => `${PREFIX}${stackNameOf(mark)}`;

/** Returns whether a table belongs to a stack. */
export const isStackTable = (table: string): boolean => table.startsWith(PREFIX);

/** Returns the lock for changes of the tables in a place: which change deletes the table depends on all others. */
export const tableLock = ({ namespace }: { readonly namespace?: string | undefined }): string => `nft ${namespace}`;

const PREFIX = "pulumi-netns/";
