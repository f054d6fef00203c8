import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { routeNote } from "../../provider/kinds/route-owner.ts";
import { creationNote } from "../../provider/notes.ts";
import { markOf } from "../../provider/owner.ts";
import { type Sandbox, SOON, traces } from "../../tools/sandbox.ts";
import { example, REPOSITORY } from "../../tools/stack.ts";
import { type Bench, openBench } from "./bench.ts";

let bench: Bench;
let before: string;

beforeAll(async () => {
  bench = await openBench("seed", {
    async before(host) {
      await othersWork(host);
      before = await traces(host);
    },
  });
});

afterAll(() => bench[Symbol.asyncDispose]());

/** Creates objects of another stack, objects without an owner, and objects that resemble those of the stack. */
async function othersWork({ run }: Sandbox) {
  const marked = "pulumi-netns:seed/other:x@00000000";
  for (const name of ["theirs", "nobodys"]) await run("ip", "netns", "add", name);
  await run("ip", "-n", "theirs", "link", "set", "dev", "lo", "up", "alias", marked);
  for (const name of ["br-theirs", "br-nobodys", "br-longer"])
    await run("ip", "link", "add", "name", name, "type", "bridge");
  await run("ip", "link", "set", "dev", "br-theirs", "alias", marked);
  await run("ip", "link", "set", "dev", "br-longer", "alias", "pulumi-netns:seed/dev2:x@00000000");
  for (const network of ["10.9.9.0/24", "fd99::/64"])
    await run("ip", "route", "add", "blackhole", network, "protocol", "201");
  // A note, the owner of the interface, or that of the namespace names the other stack.
  await run("ip", "route", "add", "blackhole", "10.8.8.0/24", "protocol", "201");
  await note(run, routeNote("inet/10.8.8.0/24/table/254/metric/0", marked));
  await run("ip", "neighbour", "add", "10.7.7.1", "lladdr", "02:00:00:00:00:17", "dev", "br-theirs", "protocol", "201");
  await run("ip", "-n", "theirs", "route", "add", "blackhole", "10.6.6.0/24", "protocol", "201");
  await run("ip", "link", "property", "add", "dev", "lo", "altname", "net.ipv4.conf.all.rp_filter=0:00000000");
  await run("nft", "add table inet pulumi-netns/seed/other; add chain inet pulumi-netns/seed/other postrouting");
  await run("nft", "add table ip pulumi-netns/seed/dev; add chain ip pulumi-netns/seed/dev postrouting");
}

const note = (run: Sandbox["run"], text: string) => run("ip", "link", "property", "add", "dev", "lo", "altname", text);

/** Returns the objects of the lab host, without timers and addresses that the kernel changes while a lab is up. */
async function standing({ run }: Sandbox): Promise<string> {
  const parts = [
    run("ls", "/run/netns"),
    run("ip", "-brief", "link", "show"),
    run("nft", "list", "ruleset"),
    run("sysctl", "net.ipv4.ip_forward"),
  ];
  return (await Promise.all(parts)).join("\n");
}

const OWN = [
  { what: "sysctl", name: "net.ipv4.ip_forward" },
  { what: "nft table", name: "inet pulumi-netns/seed/dev" },
  { what: "link", name: "v-net-0" },
  { what: "link", name: "veth-blue-br" },
  { what: "link", name: "veth-red-br" },
  { what: "namespace", namespace: "blue", name: "blue" },
  { what: "namespace", namespace: "red", name: "red" },
];

test("clean removes no object in the state, and none if the state cannot be read", async () => {
  const up = await standing(bench.host);
  const { code, stdout } = await bench.netns("clean", "--yes");
  expect(code).toBe(0);
  expect(stdout).toMatch(/^No objects of stack seed\/dev found outside of its state\. `pulumi destroy` deletes/);

  const [env = "", ...words] = bench.words("clean", "--yes");
  const elsewhere = words.map((word) => word.replace(/^(PULUMI_BACKEND_URL=).*/, "$1file:///nowhere/at/all"));
  const unread = await bench.host.try(env, ...elsewhere);
  expect(unread.code).toBe(1);
  expect(unread.stderr).toMatch(/^error: the state of seed\/dev cannot be read: /);
  expect(await standing(bench.host)).toBe(up);
});

test("if the state is lost, clean shows the objects with the mark, and removes nothing without a confirmation", async () => {
  const pulumi = join(REPOSITORY, "node_modules/.bin/pulumi");
  await bench.host.run(
    ...(bench.stack.env as [string]),
    pulumi,
    "--cwd",
    example("seed"),
    "stack",
    "rm",
    "dev",
    "--force",
    "--yes",
  );
  const up = await standing(bench.host);

  const listed = await bench.netns("clean", "--json");
  const { marked, unclear, removed } = JSON.parse(listed.stdout);
  expect(marked).toEqual(OWN);
  // Those of another stack are left out: a note, the owner of the interface, or that of the namespace names it.
  expect(unclear).toEqual(["10.9.9.0/24", "fd99::/64"].map((name) => ({ what: "route", name })));
  expect(removed).toBe(false);

  const unanswered = await bench.netns("clean");
  expect(unanswered.code).toBe(1);
  expect(unanswered.stdout).toMatch(/^Found objects of stack seed\/dev:\n {2}sysctl +net\.ipv4\.ip_forward\n/);
  expect(unanswered.stdout).toMatch(
    /for an unknown stack; not removed:\n {2}route +10\.9\.9\.0\/24\n {2}route +fd99::\/64$/m,
  );
  expect(unanswered.stdout).not.toMatch(/seed\/other|10\.8\.8\.0|10\.7\.7\.1|10\.6\.6\.0/);
  expect(unanswered.stderr).toMatch(/--yes/);

  expect(await answered("n")).toContain("Remove these 7? [y/N]");
  expect(await standing(bench.host)).toBe(up);
});

test("clean removes only the objects of the stack, and restores the lab host", async () => {
  expect(await answered("y")).toContain("Removed.");
  await expect.poll(() => traces(bench.host), SOON).toBe(before);
});

test("clean removes objects left by a crash: a namespace without a mark, and the note of a missing namespace", async () => {
  const { host } = bench;
  const urn = "urn:pulumi:dev::seed::pulumi-nodejs:dynamic/netns:Namespace::half";
  const mark = markOf({ project: "seed", stack: "dev", name: "half", urn });
  for (const name of ["half", "none"]) await note(host.run, creationNote(name, mark));
  const theirs = creationNote("half", "pulumi-netns:seed/other:half@00000000");
  await note(host.run, theirs);
  await host.run("ip", "netns", "add", "half");
  await host.run("nft", "add table inet pulumi-netns/seed/dev; add chain inet pulumi-netns/seed/dev postrouting");
  await host.run("nft", `add rule inet pulumi-netns/seed/dev postrouting counter comment "${mark}"`);
  await host.run("nft", "add rule inet pulumi-netns/seed/dev postrouting counter comment somebody");
  await host.run("nft", "add chain inet pulumi-netns/seed/dev forward { type filter hook forward priority 0; }");
  await host.run("nft", `add rule inet pulumi-netns/seed/dev forward counter comment "${mark} policy"`);
  const { stdout } = await host.try(...bench.words("clean", "--yes", "--json"));
  expect(JSON.parse(stdout)).toMatchObject({
    removed: true,
    marked: [
      { what: "nft chain", name: "pulumi-netns/seed/dev forward" },
      { what: "nft rule", name: mark },
      { what: "namespace", name: "half" },
      { what: "note", name: creationNote("none", mark) },
    ],
  });
  await host.run("ip", "link", "property", "del", "dev", "lo", "altname", theirs);
  // The foreign rule in the stack's table remains, and with it the table.
  expect(await host.run("nft", "list", "table", "inet", "pulumi-netns/seed/dev")).toMatch(
    /postrouting \{\s+counter .* comment "somebody"\s+\}/,
  );
  await host.run("nft", "delete", "table", "inet", "pulumi-netns/seed/dev");
  await expect.poll(() => traces(host), SOON).toBe(before);
});

test("outside of a project, clean requires --project", async () => {
  const somewhere = bench.words("clean").map((word) => (word === example("seed") ? "/" : word)) as [string];
  const { code, stderr } = await bench.host.try(...somewhere);
  expect(code).toBe(1);
  expect(stderr).toMatch(/^error: this folder is not in a Pulumi project\n {2}help: name the stack: --project/);
  const told = await bench.host.run(...somewhere, "--project", "seed", "--yes");
  expect(told).toMatch(/^No objects of stack seed\/dev found\.\n/);
});

/** Returns the output of `clean` on a terminal, with an answer to its question. */
async function answered(answer: string): Promise<string> {
  const command = bench.words("clean").map((word) => `'${word}'`);
  const [program = "", ...words] = [...bench.host.enter, "script", "-qec", command.join(" "), "/dev/null"];
  const running = spawn(program, words, { stdio: ["pipe", "pipe", "inherit"] });
  let screen = "";
  running.stdout.on("data", (data: Buffer) => {
    screen += data.toString();
    if (screen.includes("[y/N] ") && !running.stdin.writableEnded) running.stdin.end(`${answer}\n`);
  });
  await once(running, "close");
  return screen;
}
