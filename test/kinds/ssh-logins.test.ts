import { statSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, beforeEach, expect, test } from "vitest";
import { sshProgram } from "../../provider/kernel/client/ssh-program.ts";
import { Bridge, Command, LabHost, Namespace, Process, Sysctl } from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
import type { Engine } from "../support/engine.ts";
import { farHostsForAll, openFarEngine } from "../support/far-hosts.ts";

/* How a lab host receives the provider: its login shell, the files that the shell reads, and the limits of its sshd. */

let engine: Engine;
let before: string[];

const far = farHostsForAll("lab1");
const { traces } = far;

beforeEach(async () => {
  before = await traces();
  engine = openFarEngine({ project: "logins", stack: "dev" });
});

afterEach(async () => {
  succeeds(await engine.destroy());
  await expect.poll(traces, SOON).toEqual(before);
});

const onHost = (script: string, ...args: string[]) => far.bed.host("lab1").run("sh", "-ec", script, "sh", ...args);

const TEXT = "$HOME 'one' \"two\" `date` \\n !x %s\nline";
const SECRET = "a-secret-of-the-environment";

/** Objects whose commands have words and inputs that a shell could interpret, and a Sysctl, whose errors are recognized only by their text. */
function program(host = new LabHost("lab1")): void {
  const red = new Namespace("red", { host });
  new Bridge("br", { name: "br0", namespace: red });
  new Sysctl("ttl", { namespace: red, key: "net.ipv4.ip_default_ttl", value: 63 });
  new Command("told", { namespace: red, create: ["printf", "%s", TEXT] });
  const env = { TOKEN: SECRET };
  new Process("sleeper", { namespace: red, command: ["sleep", "1000"], env, files: { "text.txt": TEXT } });
}

/** Sets the login shell of the user. The file is a mount, so it is overwritten in place. */
const SET_SHELL =
  'sed "s#^\\(root:.*:\\)[^:]*\\$#\\1$1#" /etc/passwd >/run/passwd.new && cat /run/passwd.new >/etc/passwd';

const NOISE = `echo noise on the output\nsh -c "echo noise on the errors >&2"\n`;
const WRITE_NOISE = 'mkdir -p "$(dirname "$1")" && printf %s "$2" >"$1"';

const STRANGE = ["a b", "", "$HOME", "it's", "new\nline\n", "\\n", 'say "hi"', "!x", "!!", "%s", "äö", "*", "~", "\r"];
const STRANGE_PRINTED = STRANGE.map((word) => `<${word}>`).join("");

/** Returns the output of a program that runs on the lab host over its own connection, without the output of the shell before it. */
async function printed(input: "stream" | "none"): Promise<string> {
  const [ssh, ...words] = sshProgram({ to: "lab1", sudo: false }, ["printf", "<%s>", ...STRANGE], input);
  const { stdout } = await execa(ssh, words);
  return stdout.slice(stdout.indexOf("<"));
}

test.each([
  ["/bin/bash", "/run/.bashrc"],
  ["/usr/bin/fish", "/run/.config/fish/config.fish"],
  ["/usr/bin/tcsh", "/run/.tcshrc"],
])("a lab works for a user whose login shell is %s and whose shell files print text", async (shell, file) => {
  await onHost(SET_SHELL, shell);
  await onHost(WRITE_NOISE, file, NOISE);
  const { stdout, stderr } = await execa("ssh", ["-T", "lab1", "true"]);
  expect([stdout, stderr].filter(Boolean)).toHaveLength(2);
  try {
    succeeds(await engine.up(() => program()));
    expect(engine.state.find(({ urn }) => urn.endsWith("::told"))?.outputs).toMatchObject({ stdout: TEXT });
    expect(await onHost("cat /run/pulumi-netns/*/text.txt")).toBe(TEXT);
    expect(await printed("stream")).toBe(STRANGE_PRINTED);
    expect(await printed("none")).toBe(STRANGE_PRINTED);
    expect(succeeds(await engine.refresh())).toEqual([]);
    expect(succeeds(await engine.up(() => program()))).toEqual([]);
  } finally {
    succeeds(await engine.destroy());
    await onHost(SET_SHELL, "/bin/sh");
    await onHost("rm -rf /run/passwd.new /run/.bashrc /run/.tcshrc /run/.config /run/.local /run/.cache");
  }
});

test("a lab with many concurrent programs works within the session limits of sshd, and its secrets are in no list of processes", async () => {
  const host = far.bed.host("lab1");
  await host.stopSshd();
  await host.startSshd("MaxSessions=10", "MaxStartups=2:100:2");
  try {
    const many = () => {
      const lab1 = new LabHost("lab1");
      program(lab1);
      for (let number = 0; number < 8; number += 1) {
        const namespace = new Namespace(`n${number}`, { host: lab1 });
        new Process(`p${number}`, { namespace, command: ["sleep", "1000"], settle: 300, env: { TOKEN: SECRET } });
      }
    };
    const listed: string[] = [];
    const look = { isOver: false };
    const listing = (async () => {
      while (!look.isOver) listed.push((await execa("ps", ["-eww", "-o", "args"])).stdout);
    })();
    const run = await engine.up(many);
    look.isOver = true;
    await listing;
    succeeds(run);
    expect(listed.filter((text) => text.includes("ssh"))).not.toEqual([]);
    expect(listed.filter((text) => text.includes(SECRET))).toEqual([]);
    const sockets = statSync(join(process.env["XDG_RUNTIME_DIR"] ?? "", "pulumi-netns"));
    expect(sockets.mode & 0o777).toBe(0o700);
    expect(succeeds(await engine.refresh())).toEqual([]);
    succeeds(await engine.destroy());
  } finally {
    await host.stopSshd();
    await host.startSshd();
  }
});
