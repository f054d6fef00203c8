import { afterEach, beforeEach, expect } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { type Lab, openLab } from "./lab.ts";

/** The lab of the test that runs; see {@link labForEachTest}. */
export let lab: Lab;

/** What there is in each lab before its test begins. */
let before: string | undefined;

/**
 * Gives each test of a file a lab of its own, and ends it after the test.
 *
 * @param namespaces Namespaces that somebody has made there by hand.
 */
export function labForEachTest(...namespaces: readonly string[]): void {
  beforeEach(async () => {
    lab = await openLab();
    for (const name of namespaces) await lab.run("ip", "netns", "add", name);
    // Every lab begins alike.
    before ??= await traces(lab);
  });
  afterEach(() => lab[Symbol.asyncDispose]());
}

/**
 * Makes a namespace, red, and a cable from its eth0 to the lab host.
 *
 * @param addresses Addresses of eth0, with their prefix lengths.
 */
export async function wireRed(...addresses: readonly string[]): Promise<void> {
  await lab.resource("Namespace", "red").up({ name: "red" });
  await lab.resource("Veth", "wire").up({ a: { name: "eth0", namespace: "red" }, b: { name: "port" } });
  for (const address of addresses)
    await lab.resource("Address", address).up({ interface: "eth0", namespace: "red", address });
}

/** The lab is as it was before the test, or will be in a moment. */
export const expectNothingLeft = (): Promise<void> => expect.poll(() => traces(lab), SOON).toBe(before);
