import { mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { SOON, sandbox, traces } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY } from "../../tools/stack.ts";
import { install, pack } from "../support/package.ts";
import { pingOnce } from "../support/ping.ts";
import { isSoak } from "../support/soak.ts";

let work: string;
let modules: string;

beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "pulumi-netns-templates-"));
  modules = join(work, "first/node_modules");
  // The dependencies of one template contain those of all others, and are installed once.
  await newProject(join(REPOSITORY, "templates/bare"), join(work, "first"));
  await install(join(work, "first"), await pack(REPOSITORY, work));
});

afterAll(() => rm(work, { recursive: true, force: true }));

/** Runs the part of `pulumi new` that writes files, without a network. */
async function newProject(template: string, folder: string): Promise<void> {
  const state = await mkdtemp(join(work, "state-"));
  const how = ["--dir", folder, "--name", `my-${basename(template)}`, "--generate-only", "--yes", "--non-interactive"];
  await execa(join(REPOSITORY, "node_modules/.bin/pulumi"), ["new", template, ...how], {
    env: {
      PULUMI_BACKEND_URL: `file://${state}`,
      PULUMI_HOME: join(state, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_CONFIG_PASSPHRASE: "",
    },
  });
}

// The others differ from the router in their programs alone, whose types `npm run lint` checks.
const more = [
  ["bare", 1, "red", undefined],
  ["lan", 5, "red", "blue"],
] as const;

test.each([["router", 11, "anna", "guest"], ["yaml", 5, "red", "blue"], ...(isSoak ? more : [])] as const)(
  "pulumi new with the template %s of the packed package creates a project whose lab is created, works and is deleted",
  async (name, count, from, to) => {
    const folder = join(work, name);
    await newProject(join(modules, "pulumi-netns/templates", name), folder);
    expect((await readFile(join(folder, ".gitignore"), "utf8")).split("\n")).toEqual(
      expect.arrayContaining(["node_modules/", ".pulumi-state/", ".pulumi-sandbox/"]),
    );
    await symlink(modules, join(folder, "node_modules"));
    await using host = await sandbox();
    const before = await traces(host);
    await using stack = await openStack(host, folder);
    expect(await stack.up()).toHaveLength(count);
    const [address = "127.0.0.1"] = to === undefined ? [] : [await stack.output(to)];
    await host.run("ip", "netns", "exec", from, "ip", "link", "show", "lo");
    if (to !== undefined) await pingOnce(host, from, address, "-W2");
    expect(await stack.up("--refresh")).toEqual([]);
    await stack.destroy();
    await expect.poll(() => traces(host), SOON).toBe(before);
  },
);
