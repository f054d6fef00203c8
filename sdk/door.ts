import { pluginTokenOf, tokenOf } from "../provider/urn.ts";

/*
 * A resource reaches the lab host through one of two providers of Pulumi: the dynamic one, which programs in TypeScript load, or the
 * plugin, which programs in other languages use. The components of such programs run in the plugin's process.
 */

/** Makes the resources that this process registers belong to the plugin. */
export function usePlugin(): void {
  plugin = true;
}

/** Returns whether the resources of this process belong to the plugin. */
export const usesPlugin = (): boolean => plugin;

/** Returns the type token of a kind for the provider that this process uses. */
export const typeOf = (kind: string): string => (plugin ? pluginTokenOf(kind) : tokenOf(kind));

/**
 * Returns the type token of a kind for the other provider, by which the resource may be in the state: an alias keeps the resource when the
 * stack's program changes its language.
 */
export const otherTypeOf = (kind: string): string => (plugin ? tokenOf(kind) : pluginTokenOf(kind));

let plugin = false;
