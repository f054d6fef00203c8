import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { overSsh } from "../../../../provider/kernel/client/ssh.ts";

/* The fake ssh runs the shells on this machine while a file exists, and fails otherwise. */

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "netns-ssh-"));
  vi.stubEnv("PATH", `${folder}:${process.env["PATH"]}`);
  vi.stubEnv("XDG_RUNTIME_DIR", folder);
  vi.useFakeTimers({ toFake: ["Date"] });
  await writeFile(join(folder, "ssh"), SCRIPT, { mode: 0o755 });
  await writeFile(join(folder, "up"), "");
});

afterEach(async () => {
  vi.useRealTimers();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true });
});

const SCRIPT = `#!/bin/sh
cd "$(dirname "$0")" && echo attempt >>attempts
[ -e up ] || { echo "connection refused" >&2; exit 255; }
for line; do :; done
eval "$line"
`;

const attempts = async () => (await readFile(join(folder, "attempts"), "utf8")).split("\n").length - 1;

/** Advances the clock by some seconds after the next attempt to connect. */
async function after(seconds: number, work: () => Promise<unknown>): Promise<void> {
  const before = await attempts();
  const done = work();
  await vi.waitFor(async () => expect(await attempts()).toBeGreaterThan(before));
  vi.setSystemTime(Date.now() + 1000 * seconds);
  await done;
}

test("after a lab host is lost, connecting is tried only for a short time, as if it was never reached", async () => {
  const opened: string[] = [];
  const transport = overSsh(
    () => ({ to: "lab2", sudo: false }),
    (status) => opened.push(status),
  );
  const ask = async () => {
    const shell = await transport.openShell();
    const [result] = await shell.run([{ argv: ["echo", "hello"], input: "" }]);
    shell.close();
    return result;
  };
  expect(await ask()).toMatchObject({ code: 0, stdout: "hello\n" });
  transport.close();
  await rm(join(folder, "up"));
  const lost = { lost: "unreachable", stderr: "connection refused" };
  await after(16, async () => expect(await ask()).toMatchObject(lost));
  transport.close();
  await after(2, async () => expect(await ask()).toMatchObject(lost));
  transport.close();
  await writeFile(join(folder, "up"), "");
  expect(await ask()).toMatchObject({ code: 0, stdout: "hello\n" });
  transport.close();
  expect(opened).toHaveLength(1);
});
