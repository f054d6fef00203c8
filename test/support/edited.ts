import { afterEach, beforeEach, expect } from "vitest";
import { checkNames } from "../../checks/index.ts";
import { linux } from "../../provider/kernel/client/linux.ts";
import type { KernelClient } from "../../provider/kernel/kernel.ts";
import { type Sandbox, SOON, sandbox, traces } from "../../tools/sandbox.ts";
import type { Program } from "./engine/program.ts";
import { type Engine, openEngine, type Run } from "./engine.ts";
import { ownEtc } from "./etc.ts";

/** The lab host of the test that runs; see {@link labHostForEachTest}. */
export let host: Sandbox;

/** What the providers of the test that runs have told their user. */
export let said: string[];

let engines: Map<string, Engine>;
let before: string;

/** Gives each test of a file a lab host of its own, with an engine for each stack, and looks after it that nothing is left. */
export function labHostForEachTest(): void {
  beforeEach(async () => {
    host = await sandbox();
    await ownEtc(host);
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

/** The kernel of the lab host. */
export const kernel = (): KernelClient => linux(host.enter, `/proc/${host.pid}/root`);

/** The engine of a stack on the lab host. */
export function engineOf(stack = "dev"): Engine {
  const known = engines.get(stack);
  if (known !== undefined) return known;
  // Its labs are small, and the checks over whole labs have tests of their own.
  const config = { "pulumi-netns:checks": JSON.stringify(Object.fromEntries(checkNames.map((name) => [name, "off"]))) };
  const engine = openEngine({ project: "edits", stack, kernel, config, say: (text) => said.push(text) });
  engines.set(stack, engine);
  return engine;
}

/**
 * Brings the lab to a program as a careful person does, and gives the steps: the preview announces what the up does, a second
 * up and a refresh find nothing.
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

/** Mends what has changed by hand: a refresh sees it, an up puts it right, and another refresh finds nothing. */
export async function mend(program: Program): Promise<void> {
  expect(succeeds(await engineOf().refresh())).not.toEqual([]);
  succeeds(await engineOf().up(program));
  expect(succeeds(await engineOf().refresh())).toEqual([]);
  expect(succeeds(await engineOf().up(program))).toEqual([]);
}

/** Runs a program that is to fail, and gives what was said. */
export async function failure(program: Program, stack?: string): Promise<string> {
  const { failure } = await engineOf(stack).up(program);
  return String(failure);
}

/** What `ip` prints on the lab host, taken apart. */
export const ip = async (...args: string[]): Promise<any[]> =>
  JSON.parse((await host.run("ip", "-json", ...args)) || "[]") as any[];

/** The global addresses of an interface, in the kernel's order. */
export async function addressesOf(namespace: string | undefined, name: string): Promise<string[]> {
  const within = namespace === undefined ? [] : ["-n", namespace];
  const [link] = await ip(...within, "address", "show", "dev", name);
  return (link?.addr_info ?? [])
    .filter(({ scope }: { scope: string }) => scope === "global")
    .map(({ local, prefixlen }: { local: string; prefixlen: number }) => `${local}/${prefixlen}`);
}

/** The value of a sysctl. */
export async function sysctl(key: string, namespace?: string): Promise<string> {
  const within = namespace === undefined ? [] : ["ip", "netns", "exec", namespace];
  const [program = "", ...args] = [...within, "sysctl", "--values", key];
  return (await host.run(program, ...args)).trim();
}

const CHANGES = ["create", "update", "replace", "delete"];

/** The steps of a run that has succeeded, as `create Veth wire`. */
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
