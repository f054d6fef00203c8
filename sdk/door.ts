import { pluginTokenOf, tokenOf } from "../provider/urn.ts";

/*
 * A resource reaches the lab host through one of two providers of Pulumi: the dynamic one, which programs in TypeScript load, or the
 * plugin, which programs in other languages use. The components of such programs run in the plugin's process.
 */

/**
 * Makes the resources that this process registers belong to the plugin.
 *
 * @param version The version by which the program asks for the plugin; undefined if it names none. The engine starts one process for each.
 */
export function usePlugin(version: string | undefined): void {
  plugin = { version };
}

/** Returns whether the resources of this process belong to the plugin. */
export const usesPlugin = (): boolean => plugin !== undefined;

/** Returns the option by which the engine finds the same process of the plugin for the resources in components as for those of the program. */
export const pluginOptions = (): { readonly version?: string } =>
  plugin?.version === undefined ? {} : { version: plugin.version };

/** Returns the type token of a kind for the provider that this process uses. */
export const typeOf = (kind: string): string => (usesPlugin() ? pluginTokenOf(kind) : tokenOf(kind));

/**
 * Returns the type token of a kind for the other provider, by which the resource may be in the state: an alias keeps the resource when the
 * stack's program changes its language.
 */
export const otherTypeOf = (kind: string): string => (usesPlugin() ? tokenOf(kind) : pluginTokenOf(kind));

let plugin: { readonly version: string | undefined } | undefined;
