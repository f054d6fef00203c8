import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getuid, kill } from "node:process";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { overSsh } from "../../provider/kernel/client/ssh.ts";
import { Bridge, LabHost, Namespace } from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
import type { Engine } from "../support/engine.ts";
import { farHostsForAll, openFarEngine } from "../support/far-hosts.ts";

/* The connections to a lab host: their sockets, and sessions whose connection has ended. */

const far = farHostsForAll("lab1");
const { traces } = far;

const transport = () =>
  overSsh(
    () => ({ to: "lab1", sudo: false }),
    () => undefined,
  );

const HOSTNAME = [{ argv: ["ip", "-brief", "address", "show", "dev", "eth0"], input: "" }];

test("a session whose connection has ended opens no connection of its own", async () => {
  const lab1 = far.bed.host("lab1");
  const one = transport();
  const shell = await one.openShell();
  expect((await shell.run(HOSTNAME))[0]?.stdout).toContain(lab1.address);
  const clients = await far.bed.clients();
  // One process is the connection, and one the session of the shell.
  expect(clients).toHaveLength(2);
  const accepted = () => lab1.run("sh", "-c", CONNECTIONS);
  expect(await accepted()).toBe("1");

  // The connection ends while a session waits for it.
  const connection = Math.min(...clients);
  kill(connection, "SIGSTOP");
  const second = await one.openShell();
  const answer = second.run(HOSTNAME);
  await expect.poll(() => far.bed.clients(), SOON).toHaveLength(3);
  kill(connection, "SIGKILL");
  expect((await answer)[0]).toMatchObject({ lost: "broken", stdout: "" });
  expect((await shell.run(HOSTNAME))[0]).toMatchObject({ lost: "broken", stdout: "" });
  await expect.poll(accepted, SOON).toBe("0");

  // The next shell opens a connection that all others can share.
  const third = await one.openShell();
  expect((await third.run(HOSTNAME))[0]?.stdout).toContain(lab1.address);
  expect(await accepted()).toBe("1");
  third.close();
  one.close();
  await expect.poll(() => far.bed.clients(), SOON).toEqual([]);
});

const CONNECTIONS = "ss --no-header --tcp state established '( sport = :22 )' | wc -l";

describe("the folder of the sockets", () => {
  let engine: Engine;
  let folder: string;
  let before: string[];

  beforeEach(async () => {
    before = await traces();
    engine = openFarEngine({ project: "sockets", stack: "dev" });
    folder = mkdtempSync(join(tmpdir(), "netns-"));
    vi.stubEnv("XDG_RUNTIME_DIR", folder);
  });

  afterEach(async () => {
    vi.unstubAllEnvs();
    succeeds(await engine.destroy());
    await expect.poll(traces, SOON).toEqual(before);
    rmSync(folder, { recursive: true });
  });

  const program = () => {
    new Bridge("br", { name: "br0", namespace: new Namespace("red", { host: new LabHost("lab1") }) });
  };

  test("is created with the mode 700, and is empty after a run", async () => {
    succeeds(await engine.up(program));
    const sockets = join(folder, "pulumi-netns");
    expect(statSync(sockets).mode & 0o777).toBe(0o700);
    // The connection ends when it has been idle for ten seconds.
    await expect.poll(() => readdirSync(sockets), { timeout: 60_000 }).toEqual([]);
  });

  test.each<[string, (sockets: string) => void]>([
    ["readable by others", (sockets) => chmodSync(mkdir(sockets), 0o755)],
    ["writable by a group", (sockets) => chmodSync(mkdir(sockets), 0o770)],
    ...(getuid?.() === 0
      ? [
          ["of another user", (sockets: string) => chownSync(mkdir(sockets), 54_321, 54_321)] as [
            string,
            (sockets: string) => void,
          ],
        ]
      : []),
    ["a symbolic link", (sockets) => symlinkSync(mkdir(`${sockets}-of-another`), sockets)],
  ])("is refused if it is %s, and the error says what to do", async (_, make) => {
    make(join(folder, "pulumi-netns"));
    expect((await engine.up(program)).failure?.message).toMatch(
      /the folder \S+\/pulumi-netns, for the connections of ssh, is not this user's alone\n {2}help: delete it, or set XDG_RUNTIME_DIR to another folder$/,
    );
    expect(readdirSync(join(folder, "pulumi-netns"))).toEqual([]);
    rmSync(join(folder, "pulumi-netns"), { recursive: true });
    succeeds(await engine.up(program));
  });

  test.each([
    ["of XDG_RUNTIME_DIR is too long for a socket", (long: string) => vi.stubEnv("XDG_RUNTIME_DIR", long)],
    [
      "of TMPDIR is too long, too",
      (long: string) => {
        vi.stubEnv("XDG_RUNTIME_DIR", long);
        vi.stubEnv("TMPDIR", long);
      },
    ],
    ["of XDG_RUNTIME_DIR is relative", () => vi.stubEnv("XDG_RUNTIME_DIR", "run")],
  ])("is in another place if the path %s", async (_, set) => {
    const long = join(folder, "x".repeat(100));
    mkdirSync(long);
    set(long);
    succeeds(await engine.up(program));
    expect(readdirSync(long)).toEqual([]);
  });
});

function mkdir(path: string): string {
  mkdirSync(path, { mode: 0o700 });
  return path;
}
