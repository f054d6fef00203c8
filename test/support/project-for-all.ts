import { afterAll, beforeAll } from "vitest";
import { type Sandbox, sandbox, traces } from "../../tools/sandbox.ts";
import { openProject, type Project } from "./project.ts";

/** The lab host of the file's tests; see {@link projectForAllTests}. */
export let host: Sandbox;

/** The project that runs there. */
export let project: Project;

/** The traces of the lab host before the first test. */
export let before: string;

/** Gives all tests of a file one lab host and one project, and closes both after the last. */
export function projectForAllTests(name: string): void {
  beforeAll(async () => {
    host = await sandbox();
    before = await traces(host);
    project = await openProject(host, name);
  });
  afterAll(async () => {
    await project[Symbol.asyncDispose]();
    await host[Symbol.asyncDispose]();
  });
}
