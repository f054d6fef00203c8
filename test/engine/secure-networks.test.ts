// @kernel wireguard
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, inject, test, vi } from "vitest";
import * as testing from "../../testing/sandbox.ts";
import { type Sandbox, withJson } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { type NearHosts, openNearHosts } from "../support/near-hosts.ts";
import { openProject, type Project } from "../support/project.ts";

const NAMES = ["lab1", "lab2"] as const;
const PRESHARED = Buffer.alloc(32, 7).toString("base64");

const PROGRAM = `
import { Host, LabHost, Link, WireGuard } from "pulumi-netns";
const [lab1, lab2] = [
  new LabHost("lab1", { address: "10.77.0.11" }),
  new LabHost("lab2", { address: "10.77.0.12" }),
];
const [a, b] = [new Host("left", { host: lab1 }), new Host("right", { host: lab2 })];
new Link("wire", { a, b, networks: ["10.0.1.0/31"], secure: true });
const publicKey = WireGuard.publicKeyOf("${Buffer.alloc(32, 9).toString("base64")}");
new WireGuard("own", { name: "wg0", namespace: a.namespace, peers: [{ publicKey, presharedKey: "${PRESHARED}" }] });
`;

let near: NearHosts;
let management: Sandbox;
let project: Project;
let bin: string;

beforeAll(async () => {
  near = await openNearHosts(...NAMES);
  // The engine runs on this machine, also if the lab hosts are in the virtual machine.
  const isNear = inject("machine") === undefined;
  management = isNear ? near.box : withJson(await testing.sandbox(), undefined);
  bin = await mkdtemp(join(tmpdir(), "netns-bin-"));
  const ways = NAMES.map((name) => `${name}) set -- ${near.host(name).enter.join(" ")} sh -c "$3" ;;`);
  await writeFile(
    join(bin, "ssh"),
    [
      "#!/bin/sh",
      'while [ "$1" != -- ]; do shift; done',
      `case $2 in ${ways.join(" ")} esac`,
      `exec ${isNear ? "" : near.box.enter.join(" ")} "$@"`,
    ].join("\n"),
    { mode: 0o755 },
  );
  vi.stubEnv("PATH", `${bin}:${process.env["PATH"]}`);
  project = await openProject(management, "secure");
  await project.program(PROGRAM);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await project[Symbol.asyncDispose]();
  await near[Symbol.asyncDispose]();
  await management[Symbol.asyncDispose]();
  await rm(bin, { recursive: true });
});

/** Returns the private and preshared keys of all interfaces in the kernels. */
async function keysInKernels(): Promise<string[]> {
  const dumps = await Promise.all(
    NAMES.map((name) =>
      near.host(name).run("sh", "-c", "for ns in $(ls /run/netns); do ip netns exec $ns wg show all dump; done"),
    ),
  );
  // The fields of an interface are its name, private key, public key, port and mark; those of a peer are the interface, its public key,
  // preshared key and more.
  const keys = dumps
    .flatMap((dump) => dump.trim().split("\n"))
    .map((line) => line.split("\t"))
    .map((fields) => (fields.length === 5 ? fields[1] : fields[2]));
  return [...new Set(keys)].filter((key) => key !== undefined && key !== "(none)") as string[];
}

/** Returns the files of a folder with their contents. */
async function contents(folder: string): Promise<{ file: string; text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(file, "utf8") })));
}

test("no key of a secure network is in the state, in a plan or in an output of Pulumi", async () => {
  const { stack, folder } = project;
  const said: string[] = [];
  const run = async (...words: string[]) => {
    const { code, stdout, stderr } = await stack.try(...words);
    said.push(stdout, stderr);
    expect({ code, stderr }).toMatchObject({ code: 0 });
  };
  await run("preview", "--diff", "--save-plan", join(folder, "plan.json"));
  await run("up", "--yes", "--diff", "--skip-preview");
  await run("refresh", "--yes", "--diff", "--skip-preview");
  // A new address of the port changes both ends.
  await project.program(PROGRAM.replace('"10.77.0.12"', '"10.77.0.12", firstSecurePort: 30000'));
  await run("preview", "--diff", "--save-plan", join(folder, "change.json"));
  said.push(await stack.state());

  const keys = await keysInKernels();
  expect(keys).toHaveLength(4);
  expect(keys).toContain(PRESHARED);
  const [env = "", ...words] = [...stack.env, join(REPOSITORY, "node_modules/.bin/pulumi"), "--cwd", folder];
  const revealed = await management.run(env, ...words, "stack", "export", "--show-secrets", "--stack", "dev");
  for (const key of keys) expect(revealed).toContain(key);
  const backend = /PULUMI_BACKEND_URL=file:\/\/(.*)/.exec(stack.env.join("\n"))?.[1] ?? "";
  const files = [...(await contents(backend)), ...(await contents(folder))].filter(({ file }) => !file.endsWith(".ts"));
  expect(files.map(({ file }) => file.replace(/^.*\//, ""))).toEqual(
    expect.arrayContaining(["plan.json", "change.json", "dev.json"]),
  );
  for (const key of keys) {
    expect(said.filter((text) => text.includes(key))).toEqual([]);
    expect(files.flatMap(({ file, text }) => (text.includes(key) ? [file] : []))).toEqual([]);
  }
  await run("destroy", "--yes", "--skip-preview");
});
