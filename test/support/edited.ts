import { afterEach, beforeEach, expect } from "vitest";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import type { Program } from "./engine/program.ts";
import { type Engine, openEngine, type Run } from "./engine.ts";
import { QUIET } from "./quiet.ts";

/** The lab host of the current test; see {@link labHostForEachTest}. */
export let host: Sandbox;

/** The messages that the providers of the current test have sent to the user. */
export let said: string[];

let engines: Map<string, Engine>;
let before: string;

/** Gives each test of a file its own lab host, with an engine for each stack, and checks after the test that nothing is left. */
export function labHostForEachTest(): void {
  beforeEach(async () => {
    host = await sandbox();
    client = undefined;
    before = await traces(host);
    engines = new Map();
    said = [];
  });
  afterEach(async () => {
    for (const engine of engines.values()) succeeds(await engine.destroy());
    await expect.poll(() => traces(host), SOON).toBe(before);
    await host[Symbol.asyncDispose]();
  });
}

/** Returns the client of the lab host's kernel, whose shells the provider processes of a test share. */
export function kernel(): KernelClient {
  client ??= linux(host.enter, host.root);
  return client;
}

let client: KernelClient | undefined;

/** Returns the engine of a stack on the lab host. */
export function engineOf(stack = "dev"): Engine {
  const known = engines.get(stack);
  if (known !== undefined) return known;
  // Its labs are small, and the checks over whole labs have their own tests.
  const engine = openEngine({ project: "edits", stack, kernel, config: QUIET, say: (text) => said.push(text) });
  engines.set(stack, engine);
  return engine;
}

/**
 * Runs a program as a careful user does, and returns the steps: the `up` must do what the preview showed, and a second `up`
 * and a refresh must find no changes.
 */
export async function edit(program: Program, stack?: string): Promise<string[]> {
  const engine = engineOf(stack);
  const planned = succeeds(await engine.preview(program));
  const done = succeeds(await engine.up(program));
  expect(done).toEqual(planned);
  expect(succeeds(await engine.up(program))).toEqual([]);
  expect(succeeds(await engine.refresh())).toEqual([]);
  expect(succeeds(await engine.up(program))).toEqual([]);
  return done;
}

/** Repairs a manual change: a refresh must detect it, an `up` must repair it, and another refresh must find nothing. */
export async function mend(program: Program): Promise<void> {
  expect(succeeds(await engineOf().refresh())).not.toEqual([]);
  succeeds(await engineOf().up(program));
  expect(succeeds(await engineOf().refresh())).toEqual([]);
  expect(succeeds(await engineOf().up(program))).toEqual([]);
}

/** Runs a program that must fail, and returns the messages. */
export async function failure(program: Program, stack?: string): Promise<string> {
  const { failure } = await engineOf(stack).up(program);
  return String(failure);
}

/** Returns the parsed output of `ip` on the lab host. */
export const ip = async (...args: string[]): Promise<any[]> =>
  JSON.parse((await host.run("ip", "-json", ...args)) || "[]") as any[];

/** Returns the global addresses of an interface, in the kernel's order. */
export async function addressesOf(namespace: string | undefined, name: string): Promise<string[]> {
  const within = namespace === undefined ? [] : ["-n", namespace];
  const [link] = await ip(...within, "address", "show", "dev", name);
  return (link?.addr_info ?? [])
    .filter(({ scope }: { scope: string }) => scope === "global")
    .map(({ local, prefixlen }: { local: string; prefixlen: number }) => `${local}/${prefixlen}`);
}

/** Returns the value of a sysctl. */
export async function sysctl(key: string, namespace?: string): Promise<string> {
  const within = namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
  const [program = "", ...args] = [...within, "sysctl", "--values", key];
  return (await host.run(program, ...args)).trim();
}

const CHANGES = ["create", "update", "replace", "delete"];

/** Returns the steps of a run that must succeed, such as `create Veth wire`. */
export function succeeds({ steps, failure }: Run): string[] {
  if (failure !== undefined) throw failure;
  return steps
    .flatMap(({ op, urn }) =>
      CHANGES.includes(op) && urn.includes("/netns:")
        ? [`${op} ${urn.replace(/^.*\/netns:/, "").replace("::", " ")}`]
        : [],
    )
    .sort();
}
