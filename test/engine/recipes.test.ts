import { expect, test } from "vitest";
import { SOON, sandbox } from "../../tools/sandbox.ts";
import { openStack } from "../../tools/stack.ts";
import { block } from "../support/page-block.ts";
import { pingOnce } from "../support/ping.ts";
import { openProject } from "../support/project.ts";

/* The programs of docs/recipes.md that need Pulumi's engine; test/kinds/recipes.test.ts has the others. */

test("recipes, Use what others have made: the lab uses a foreign object and does not change it", async () => {
  await using host = await sandbox();
  await host.run("ip", "link", "add", "br-office", "type", "bridge");
  await host.run("ip", "link", "set", "br-office", "up");
  await host.run("ip", "address", "add", "10.9.0.1/24", "dev", "br-office");
  const links = async () => (await host.ip("link")).map(({ ifname }) => ifname);
  const before = await links();
  await using project = await openProject(host, "recipe");
  await project.program(programOf("Use what others have made"));
  await project.stack.up();
  await pingOnce(host, "guest", "10.9.0.1", "-W5");
  await project.stack.destroy();
  await expect.poll(links, SOON).toEqual(before);
});

test("recipes, Two stacks on one host: both exist at the same time, and each is deleted separately", async () => {
  await using host = await sandbox();
  await using project = await openProject(host, "recipe");
  await project.program(programOf("Two stacks on one host"));
  await using second = await openStack(host, project.folder, "test");
  await project.stack.config({ net: 1 });
  await second.config({ net: 2 });
  await project.stack.up();
  await second.up();
  await pingOnce(host, "dev-host", "10.1.0.254", "-W5");
  await pingOnce(host, "test-host", "10.2.0.254", "-W5");
  await project.stack.destroy();
  await pingOnce(host, "test-host", "10.2.0.254", "-W5");
});

/** Returns the program below a heading, without its imports, because a test's project already has them. */
const programOf = (heading: string): string => block("recipes", heading, "ts").replaceAll(/^import .*\n/gm, "");
