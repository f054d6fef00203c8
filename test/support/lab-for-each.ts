import { afterEach, beforeEach, expect } from "vitest";
import { SOON, traces } from "../../tools/sandbox.ts";
import { type Door, type Lab, openLab } from "./lab.ts";

/** The lab of the current test; see {@link labForEachTest}. */
export let lab: Lab;

/** The traces of each lab of the file before its test begins. */
let before: string | undefined;

/**
 * Gives each test of a file its own lab, and closes it after the test.
 *
 * @param namespaces Namespaces to create there beforehand, as if by hand.
 */
export const labForEachTest = (...namespaces: readonly string[]): void =>
  labByDoorForEachTest(undefined, ...namespaces);

/** Gives each test of a file, or of a part of it, its own lab, whose resources reach their lifecycles by one of the doors. */
export function labByDoorForEachTest(door: Door | undefined, ...namespaces: readonly string[]): void {
  // Test files that run in a virtual machine share their modules.
  before = undefined;
  beforeEach(async () => {
    lab = await openLab(door);
    for (const name of namespaces) await lab.run("ip", "netns", "add", name);
    // Every lab begins in the same state.
    before ??= await traces(lab);
  });
  afterEach(() => lab[Symbol.asyncDispose]());
}

/**
 * Creates a namespace, red, and a veth pair from its eth0 to the lab host.
 *
 * @param addresses Addresses of eth0, with their prefix lengths.
 */
export async function wireRed(...addresses: readonly string[]): Promise<void> {
  await lab.resource("Namespace", "red").up({ name: "red" });
  await lab.resource("Veth", "wire").up({ a: { name: "eth0", namespace: "red" }, b: { name: "port" } });
  for (const address of addresses)
    await lab.resource("Address", address).up({ interface: "eth0", namespace: "red", address });
}

/** Expects the lab to be as it was before the test, now or shortly. */
export const expectNothingLeft = (): Promise<void> => expect.poll(() => traces(lab), SOON).toBe(before);
