import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, SOON, sandbox } from "../../tools/sandbox.ts";
import { openStack, REPOSITORY } from "../../tools/stack.ts";
import { world } from "../../tools/world.ts";
import { ownEtc } from "../support/etc.ts";
import { openProject } from "../support/project.ts";
import { serve } from "../support/server.ts";

interface Trial {
  readonly page: string;
  readonly heading: string;
  /** What is there before. */
  readonly before?: (host: Sandbox) => Promise<unknown>;
  readonly works: (host: Sandbox) => Promise<unknown>;
  /** Links that were there before, and go with the lab. */
  readonly takes?: string;
}

const trials: readonly Trial[] = [
  {
    page: "recipes",
    heading: "A LAN with IPv4 and IPv6",
    before: world,
    async works(host) {
      for (const target of ["10.1.0.3", "fd00:1::3", "8.8.8.8"]) await ping(host, "host1", target);
      expect(await host.run("ip", "-n", "host1", "-6", "route")).toContain("default via fd00:1::fe");
    },
  },
  {
    page: "recipes",
    heading: "Publish a port",
    before: world,
    async works(host) {
      await using _server = await serve(host, "web", 8080);
      const page = await host.run("ip", "netns", "exec", "lan", "curl", "-s", "-m5", "http://192.168.1.2/");
      expect(page).toBe("hello ::ffff:192.168.1.3");
    },
  },
  {
    page: "recipes",
    heading: "A web server, and its name",
    before: ownEtc,
    async works({ run }) {
      const asked = ["curl", "-s", "--retry", "9", "--retry-connrefused", "http://web.lab/"];
      expect(await run("ip", "netns", "exec", "anna", ...asked)).toContain("Directory listing for /");
    },
  },
  {
    page: "recipes",
    heading: "Use what others have made",
    async before({ run }) {
      await run("ip", "link", "add", "br-office", "type", "bridge");
      await run("ip", "link", "set", "br-office", "up");
      await run("ip", "address", "add", "10.9.0.1/24", "dev", "br-office");
    },
    works: (host) => ping(host, "guest", "10.9.0.1"),
  },
  {
    page: "recipes",
    heading: "Take over what is there",
    async before({ run }) {
      await run("ip", "netns", "add", "red");
      await run("ip", "-n", "red", "link", "add", "mine", "type", "bridge");
      await run("ip", "link", "add", "v-net-0", "type", "bridge");
    },
    async works({ run }) {
      expect(await run("ip", "-n", "red", "link", "show")).toMatch(
        /alias pulumi-netns:recipe\/dev@[0-9a-f]{8}:red@[^]* mine: /,
      );
      expect(await run("ip", "link", "show", "dev", "v-net-0")).toMatch(
        /alias pulumi-netns:recipe\/dev@[0-9a-f]{8}:v-net-0@/,
      );
    },
    takes: "v-net-0",
  },
  {
    page: "coming-from",
    heading: "Here",
    before: world,
    async works(host) {
      for (const target of ["192.168.15.2", "8.8.8.8"]) await ping(host, "red", target);
    },
  },
];

test.for(trials)("$page, $heading: what it promises is so, and it goes without a trace", async (trial) => {
  await using host = await sandbox();
  await trial.before?.(host);
  const links = async () => (await host.ip("link")).map(({ ifname }) => ifname);
  const before = await links();
  await using project = await openProject(host, "recipe");
  await project.program(
    `import { Hosts, Lan, Process } from "pulumi-netns";\n${block(trial.page, trial.heading, "ts")}`,
  );
  try {
    await project.stack.up();
    await trial.works(host);
    expect(await project.stack.preview("--refresh", "--expect-no-changes")).toEqual([]);
  } finally {
    await project.stack.destroy();
  }
  await expect.poll(links, SOON).toEqual(before.filter((name) => name !== trial.takes));
});

test("recipes, Two stacks on one host: both are up at once, and one goes without the other", async () => {
  await using host = await sandbox();
  await using project = await openProject(host, "recipe");
  await project.program(block("recipes", "Two stacks on one host", "ts"));
  await using second = await openStack(host, project.folder, "test");
  await project.stack.config({ net: 1 });
  await second.config({ net: 2 });
  await project.stack.up();
  await second.up();
  await ping(host, "dev-host", "10.1.0.254");
  await ping(host, "test-host", "10.2.0.254");
  await project.stack.destroy();
  await ping(host, "test-host", "10.2.0.254");
});

test("coming-from, A shell script: it makes the lab, and does not run twice", async () => {
  await using host = await sandbox();
  await world(host);
  const script = block("coming-from", "A shell script", "sh");
  await host.run("sh", "-c", script);
  for (const target of ["192.168.15.2", "8.8.8.8"]) await ping(host, "red", target);
  expect(await host.try("sh", "-c", script)).toMatchObject({ code: 1, stdout: "" });
});

/** The first block of a language under a heading, without its imports, which every test project has already. */
function block(page: string, heading: string, language: string): string {
  const [, section] = readFileSync(join(REPOSITORY, "docs", `${page}.md`), "utf8").split(`\n## ${heading}\n`);
  const [, code] = new RegExp(`\`\`\`${language}\n([^]*?)\`\`\``).exec(section ?? "") ?? [];
  if (code === undefined) throw new Error(`docs/${page}.md has no ${language} block under "${heading}"`);
  return code.replaceAll(/^import .*\n/gm, "");
}

const ping = ({ run }: Sandbox, from: string, to: string): Promise<string> =>
  run("ip", "netns", "exec", from, "ping", "-c1", "-W5", to);
