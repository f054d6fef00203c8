import { createRequire } from "node:module";

/*
 * Pulumi has no public functions to run resources in the process of a provider other than its own server. These are the ones that its
 * server calls.
 */

interface Settings {
  /** Asks the engine for its features, on which the form of messages depends. */
  awaitFeatureSupport(): Promise<void>;
  /** Waits until all resources of the store are registered. */
  waitForRPCs(): Promise<void>;
}

interface State {
  /** Runs work with settings of its own, such as the address of the engine. */
  withLocalStorage<T>(work: () => Promise<T>): Promise<T>;
}

const require = createRequire(import.meta.url);

export const { awaitFeatureSupport, waitForRPCs } = require("@pulumi/pulumi/runtime/settings.js") as Settings;
export const { withLocalStorage } = require("@pulumi/pulumi/runtime/state.js") as State;
