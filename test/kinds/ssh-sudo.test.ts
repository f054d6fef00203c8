import { readFileSync } from "node:fs";
import { getuid } from "node:process";
import { execa } from "execa";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Bridge, Command, LabHost, Namespace, NatRule, Process, Sysctl, Veth } from "../../sdk/index.ts";
import { SOON, traces } from "../../tools/sandbox.ts";
import { REPOSITORY } from "../../tools/stack.ts";
import { succeeds } from "../support/edited.ts";
import type { Engine } from "../support/engine.ts";
import { openFarEngine } from "../support/far-hosts.ts";
import { pingOnce } from "../support/ping.ts";
import { openSudoBed, type SudoBed } from "../support/sudo-bed.ts";

/* A lab host with a real sudo, whose user is not root. The line of sudoers and the commands are from docs/many-hosts.md. */

const PAGE = readFileSync(`${REPOSITORY}docs/many-hosts.md`, "utf8");

const LINE = /^ *(ada ALL=.*)$/m.exec(PAGE)?.[1] ?? "";

/** The words of the command with which the page tests a connection with `sudo: true`. */
const PROBE = (/^ssh -o BatchMode=yes (?:\S+)(.* sudo .*?) *#/m.exec(PAGE)?.[1] ?? "").trim().split(" ");

const isRoot = getuid?.() === 0;

describe.skipIf(!isRoot)("the lab of a user who is not root", () => {
  let bed: SudoBed;
  let engine: Engine;
  let before: string;
  const former = process.env["PATH"];

  beforeAll(async () => {
    bed = await openSudoBed();
    Object.assign(process.env, bed.env);
    before = await traces(bed.host);
  });

  afterAll(async () => {
    process.env["PATH"] = former;
    delete process.env["XDG_RUNTIME_DIR"];
    await bed[Symbol.asyncDispose]();
  });

  beforeEach(() => {
    engine = openFarEngine({ project: "sudo", stack: "dev" });
  });

  afterEach(async () => {
    await bed.sudoers(LINE);
    succeeds(await engine.destroy());
    await expect.poll(() => traces(bed.host), SOON).toBe(before);
  });

  const as = (sudo: boolean) => () => {
    const host = new LabHost("lab1", { sudo });
    const red = new Namespace("red", { host });
    const br = new Bridge("br", { name: "br0", namespace: host, addresses: ["10.1.0.1/24"] });
    new Veth("cable", {
      a: { name: "eth0", namespace: red, addresses: ["10.1.0.2/24"], gateways: ["10.1.0.1"] },
      b: { name: "v-red", namespace: host, master: br },
    });
    new Sysctl("forward", { namespace: host, key: "net.ipv4.ip_forward", value: 1 });
    new NatRule("nat", { namespace: host, type: "masquerade", source: "10.1.0.0/24" });
    new Command("who", { namespace: red, create: ["id", "-un"] });
    new Process("sleeper", {
      namespace: red,
      command: ["sleep", "1000"],
      files: { "large.txt": "x\n".repeat(100_000) },
    });
  };

  const ssh = (...words: string[]) => execa("ssh", ["-o", "BatchMode=yes", "lab1", ...words], { reject: false });

  test("is created with the line of sudoers from the page, which allows no other command", async () => {
    await bed.sudoers(LINE);
    expect((await ssh(...PROBE)).exitCode).toBe(0);
    for (const words of ["ip link", "/usr/bin/id", "-u root true", "-u daemon sh -c id"])
      expect(await ssh("sudo", "-n", ...words.split(" "))).toMatchObject({
        exitCode: 1,
        stderr: expect.stringMatching(/a password is required|not allowed/),
      });
    succeeds(await engine.up(as(true)));
    await pingOnce(bed.host, "red", "10.1.0.1", "-W2");
    expect(engine.state.find(({ urn }) => urn.endsWith("::who"))?.outputs).toMatchObject({ stdout: "root" });
    expect(succeeds(await engine.up(as(true)))).toEqual([]);
    await bed.host.run("ip", "-n", "red", "link", "set", "dev", "eth0", "mtu", "1400");
    expect(succeeds(await engine.refresh())).toEqual(["update Veth cable"]);
    succeeds(await engine.up(as(true)));
    expect(succeeds(await engine.refresh())).toEqual([]);
  });

  test("is refused without that line, or without sudo: true, and the error says what is missing", async () => {
    await bed.sudoers("");
    expect((await ssh(...PROBE)).exitCode).not.toBe(0);
    expect((await engine.up(as(true))).failure?.message).toMatch(
      /the lab host lab1 cannot be reached: sudo: a password is required\n {2}help: .* when `ssh -o BatchMode=yes lab1 sudo -n sh -c true` succeeds/,
    );
    expect((await engine.up(as(false))).failure?.message).toMatch(
      /help: .*on a LabHost, log in as root or set sudo: true/,
    );
  });
});
