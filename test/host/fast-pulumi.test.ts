import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fastPulumi } from "../../sandbox/fast-pulumi.ts";
import { REPOSITORY } from "../../tools/stack.ts";

/** The folder of a package with one dependency, whose code paths Pulumi computes. */
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "pulumi-netns-fast-"));
  await mkdir(join(folder, "node_modules/tiny"), { recursive: true });
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "mine", dependencies: { tiny: "1.0.0" } }));
  await writeFile(join(folder, "node_modules/tiny/package.json"), JSON.stringify({ name: "tiny", version: "1.0.0" }));
});
afterAll(() => rm(folder, { recursive: true }));

/** Runs a function with Pulumi's SDK, and returns its result and the large modules that its process has loaded. */
async function run(script: string, env: Record<string, string>): Promise<{ result: unknown; loaded: string[] }> {
  const program = `
    const require = process.getBuiltinModule("module").createRequire(${JSON.stringify(REPOSITORY)});
    const pulumi = require("@pulumi/pulumi");
    const isLoaded = (name) => require.resolve(name) in require.cache;
    (${script})()
      .then((result) => ({ result, loaded: ["@npmcli/arborist", "typescript"].filter(isLoaded) }))
      .then((said) => console.log(JSON.stringify(said)));`;
  const { stdout } = await execa("node", ["--eval", program], { cwd: folder, env: { NODE_OPTIONS: "", ...env } });
  return JSON.parse(stdout) as { result: unknown; loaded: string[] };
}

const SERIALIZES = `async () => {
  const { isDeepStrictEqual } = process.getBuiltinModule("util");
  const { text } = await pulumi.runtime.serializeFunction((left) => isDeepStrictEqual(left, 1));
  return { text, paths: [...(await pulumi.runtime.computeCodePaths()).keys()] };
}`;

test("Pulumi's SDK loads the TypeScript compiler and npm's resolver only when it needs them", async () => {
  expect(await run("async () => 1", {})).toEqual({ result: 1, loaded: ["@npmcli/arborist", "typescript"] });
  expect(await run("async () => 1", fastPulumi())).toEqual({ result: 1, loaded: [] });
});

test("Pulumi serializes a function equally if the modules are loaded later", async () => {
  const { result, loaded } = await run(SERIALIZES, {});
  expect(result).toEqual({
    text: expect.stringContaining("isDeepStrictEqual"),
    paths: expect.arrayContaining(["node_modules/tiny"]),
  });
  expect(await run(SERIALIZES, fastPulumi())).toEqual({ result, loaded });
});

test("Pulumi's SDK loads its automation API only when a program uses it, and it has the same members", async () => {
  const script = (use: string) => `async () => {
    const isLoaded = () => Object.keys(require.cache).some((file) => file.includes("/@pulumi/pulumi/automation/"));
    const before = isLoaded();
    return [before, ${use}, isLoaded()];
  }`;
  const members =
    "Object.keys(pulumi.automation), 'LocalWorkspace' in pulumi.automation, typeof pulumi.automation.LocalWorkspace";
  const { result } = await run(script(members), {});
  const [, ...used] = result as unknown[];
  expect(used).toEqual([expect.arrayContaining(["LocalWorkspace", "Stack"]), true, "function", true]);
  expect((await run(script(members), fastPulumi())).result).toEqual([false, ...used]);
  expect((await run(script("1"), fastPulumi())).result).toEqual([false, 1, false]);
});

test("Pulumi's SDK loads OpenTelemetry only for --tracing, and then records spans", async () => {
  const script = `async () => {
    const tracing = require("@pulumi/pulumi/cmd/run/tracing");
    const isLoaded = () => Object.keys(require.cache).some((file) => file.includes("/@opentelemetry/sdk-trace"));
    const states = [isLoaded(), tracing.newSpan("before").isRecording()];
    tracing.start("http://127.0.0.1:9/api/v2/spans");
    return [...states, isLoaded(), tracing.newSpan("after").isRecording()];
  }`;
  expect((await run(script, {})).result).toEqual([true, false, true, true]);
  expect((await run(script, fastPulumi())).result).toEqual([false, false, true, true]);
});

test("a stack trace leads to the source of the program, and in packages to the file that runs", async () => {
  const files = (install: string) => `async () => {
    const { createRequire } = process.getBuiltinModule("module");
    const cmd = createRequire(require.resolve("@pulumi/pulumi/cmd/run/run"));
    ${install}
    const stack = (fail) => { try { fail(); } catch (error) { return error.stack; } };
    const ours = stack(require(${JSON.stringify(join(folder, "mapped.js"))}).fail);
    const theirs = stack(() => new pulumi.Config("lab").require("missing"));
    return [ours.includes("/mapped.ts:7:"), theirs.includes("@pulumi/pulumi/config.js:"), theirs.includes("/config.ts:")];
  }`;
  // The first position of the file is line 7 of the source.
  const map = JSON.stringify({ version: 3, sources: ["mapped.ts"], names: [], mappings: "AAMA" });
  const comment = `//# sourceMappingURL=data:application/json;base64,${Buffer.from(map).toString("base64")}`;
  await writeFile(join(folder, "mapped.js"), `exports.fail = () => { throw new Error("failed"); };\n${comment}\n`);
  for (const install of [
    'cmd("source-map-support/register");',
    'cmd("../../vendor/ts-node@7.0.1").register({ transpileOnly: true, typeCheck: false });',
  ]) {
    expect((await run(files(install), {})).result).toEqual([true, false, true]);
    expect((await run(files(install), fastPulumi())).result).toEqual([true, true, false]);
  }
});

test("Pulumi's SDK opens a session with the debugger only when it serializes a function", async () => {
  const sessions = (then: string) => `async () => {
    const { createRequire } = process.getBuiltinModule("module");
    const { Session } = require("inspector");
    const connect = Session.prototype.connect;
    let opened = 0;
    Session.prototype.connect = function () { opened += 1; return connect.call(this); };
    const cmd = createRequire(require.resolve("@pulumi/pulumi/cmd/run/run"));
    await cmd("../../runtime/closure/v8Hooks").isInitializedAsync();
    const start = opened;
    ${then}
    return [start, opened];
  }`;
  expect((await run(sessions(""), {})).result).toEqual([1, 1]);
  expect((await run(sessions(""), fastPulumi())).result).toEqual([0, 0]);
  const twice = "for (const number of [1, 2]) await pulumi.runtime.serializeFunction(() => number);";
  expect((await run(sessions(twice), fastPulumi())).result).toEqual([0, 1]);
});

test("Pulumi names the file of a function that it cannot serialize, if the debugger's session is opened later", async () => {
  const text = `async () => {
    await require("module").createRequire(require.resolve("@pulumi/pulumi/cmd/run/run"))("../../runtime/closure/v8Hooks").isInitializedAsync();
    const { refused } = require(${JSON.stringify(join(folder, "refused.js"))});
    return pulumi.runtime.serializeFunction(refused).then(() => "serialized", (error) => error.message);
  }`;
  await writeFile(join(folder, "refused.js"), "exports.refused = () => bound();\nconst bound = [].map.bind([]);\n");
  const { result } = await run(text, {});
  expect(result).toContain("refused.js(1,");
  expect((await run(text, fastPulumi())).result).toBe(result);
});

test("Pulumi's SDK records stack traces of promises only if PULUMI_DEBUG_PROMISE_LEAKS is set", async () => {
  const trace = `async () => {
    const { debuggablePromise } = require("@pulumi/pulumi/runtime/debuggable");
    const promise = Promise.resolve(1);
    const value = await debuggablePromise(promise, "context");
    return [value, promise._debugStackTrace.includes(" at "), Error.stackTraceLimit];
  }`;
  const { result } = await run(trace, fastPulumi());
  expect(result).toEqual([1, false, 10]);
  for (const env of [{}, { ...fastPulumi(), PULUMI_DEBUG_PROMISE_LEAKS: "true" }])
    expect((await run(trace, env)).result).toEqual([1, true, 10]);
});

test("Pulumi prints an error with a stack trace that leads to the SDK's own sources", { timeout: 20_000 }, async () => {
  const text = `async () => {
    const { createRequire } = process.getBuiltinModule("module");
    const { defaultErrorMessage } = createRequire(require.resolve("@pulumi/pulumi/cmd/run/run"))("./error");
    const error = Object.assign(new Error("no value"), { key: "lab1" });
    error.stack = "Error: no value\\n    at Config.require (/lab/node_modules/@pulumi/config.ts:313:21)";
    return [defaultErrorMessage(error), defaultErrorMessage(new Error("")).split("\\n")[0], defaultErrorMessage("text")];
  }`;
  // Node's own text in colours takes longer than the test's time limit.
  expect((await run(text, fastPulumi())).result).toEqual([
    expect.stringMatching(/^Error: no value\n {4}at Config.require .*config.ts:313:21\) \{\n {2}key: 'lab1'\n\}$/),
    "Error",
    "text",
  ]);
});
