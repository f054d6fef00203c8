import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { ended, IDLE, inside, pidOf, pids, programs, shell } from "../support/processes.ts";

labForEachTest("red");

test("a process runs in its namespace in its own session, and a delete leaves nothing", async () => {
  const before = await lab.run("ls", "/run");
  const it = lab.resource("Process", "it");
  expect(await it.up(IDLE)).toBe("create");
  expect(await programs()).toEqual(["sleep 1000"]);
  expect(await it.up(IDLE)).toBe("same");
  expect(await it.refresh()).toEqual([]);
  const pid = await pidOf("sleep 1000");
  const [session, process] = (await lab.run("ps", "-o", "sid=,pid=", "-p", pid)).trim().split(/\s+/);
  expect(session).not.toBe(process);
  const ownSession = (await lab.run("ps", "-o", "sid=", "-p", String(globalThis.process.pid))).trim();
  expect(ownSession).not.toBe(session);
  expect(await lab.run("readlink", `/proc/${pid}/fd/0`)).toBe("/dev/null");
  expect(await lab.run("readlink", `/proc/${pid}/fd/1`)).toBe(it.outputs["log"]);
  await it.destroy();
  await it.destroy();
  expect(await inside()).toEqual([]);
  expect(await lab.run("ls", "/run")).toBe(before);
});

test("a process has exactly the given environment, working directory and arguments", async () => {
  const it = lab.resource("Process", "it");
  const script = `printf '%s|' "$@" "$ODD"; pwd; env; exec sleep 1000`;
  const words = ["a b", "$HOME", "'", "", "-n"];
  await it.up({
    namespace: "red",
    command: ["sh", "-c", script, "x", ...words],
    env: { TOKEN: "a=b\n c", ODD: "\\n\\c é'$(id)\n\n", PATH: "/usr/bin:/bin", count: "9", line: "a" },
    cwd: "/usr",
    log: "/run/it.log",
  });
  const said = await lab.run("cat", "/run/it.log");
  expect(said).toMatch(/^a b\|\$HOME\|'\|\|-n\|\\n\\c é'\$\(id\)\n\n\|\/usr\n/);
  expect(said).toContain("TOKEN=a=b\n c\n");
  expect(said).toContain("PATH=/usr/bin:/bin\n");
  const names = said.split("\n").flatMap((line) => /^(\w+)=/.exec(line)?.[1] ?? []);
  expect(names.filter((name) => !["PWD", "SHLVL", "_", "OLDPWD"].includes(name)).sort()).toEqual([
    "ODD",
    "PATH",
    "PULUMI_NETNS_DEFINITION",
    "PULUMI_NETNS_LOG_START",
    "PULUMI_NETNS_MARK",
    "TOKEN",
    "count",
    "line",
  ]);
  await it.destroy();
  expect(await lab.run("cat", "/run/it.log")).toContain(`\n${ended("sh", 143)}`);
});

test("the environment is in no list of processes, also during the start", async () => {
  const starting = lab.resource("Process", "it").up({ ...IDLE, env: { TOKEN: "tell-nobody" }, settle: 2000 });
  await expect.poll(programs, { timeout: 60_000 }).toEqual(["sleep 1000", "sleep 2"]);
  const all = await lab.run("ps", "-ww", "-eo", "args");
  expect(all).toContain("sleep 1000");
  expect(all).not.toContain("tell-nobody");
  await starting;
});

test.each<[string, object]>([
  ["the command", { command: ["sleep", "2000"] }],
  ["a variable of the environment", { env: { A: "1" } }],
  ["the working directory", { cwd: "/usr" }],
  ["the log", { log: "/run/other.log" }],
])("a change of %s is an update that restarts the process", async (_what, change) => {
  const it = lab.resource("Process", "it");
  await it.up(IDLE);
  const before = await pids();
  expect(await it.up({ ...IDLE, ...change })).toBe("update");
  const after = await pids();
  expect(after).toHaveLength(before.length);
  expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  expect(await it.refresh()).toEqual([]);
});

test("a change of settle and stopSignal does not restart the process", async () => {
  const it = lab.resource("Process", "it");
  await it.up(IDLE);
  const before = await pids();
  expect(await it.up({ ...IDLE, settle: 200, stopSignal: "SIGINT" })).toBe("update");
  expect(await pids()).toEqual(before);
});

test("a program that ends at once is an error with the end of its log, and nothing keeps running", async () => {
  const it = lab.resource("Process", "it");
  const script = "for i in $(seq 30); do echo line $i; done; echo 'bad option: permission denied' >&2; exit 3";
  const error = await it.up(shell(script)).catch((error: unknown) => String(error));
  expect(error).toMatch(/ip netns exec red sh -c .*\n {2}failed: the program ended at once\. Last lines of \/run\//);
  expect(error).toContain(
    `line 30\nbad option: permission denied\n${ended("sh", 3)}\n  help: fix the error that these lines show`,
  );
  expect(error).not.toContain("line 5\n");
  expect(error).not.toContain("PULUMI_NETNS");
  const missing = await it.up({ ...IDLE, command: ["no-such-program"] }).catch((error: unknown) => String(error));
  expect(missing).toContain("no-such-program: not found");
  expect(missing).not.toContain("bad option");
  expect(await inside()).toEqual([]);
  await expect(it.up({ ...IDLE, namespace: "blue" })).rejects.toThrow(/Cannot open network namespace "blue"/);
});

test.each<[string, string, object, RegExp]>([
  [
    "Process",
    "cwd",
    { ...IDLE, cwd: "/nope" },
    /failed: cwd: the folder \/nope does not exist.*\n {2}help: correct cwd/,
  ],
  [
    "Process",
    "log",
    { ...IDLE, log: "/run" },
    /failed: log: \/run is a folder\n {2}help: set log to the path of a file/,
  ],
  ["Command", "cwd", { create: ["true"], cwd: "/nope" }, /failed: cwd: the folder \/nope does not exist.*\n {2}help: /],
])("a %s whose %s is no such path is an error at that argument", async (kind, _argument, args, error) => {
  await expect(lab.resource(kind, "it").up(args)).rejects.toThrow(error);
  expect(await inside()).toEqual([]);
});

test("a new log is readable by its owner alone, one that exists keeps its mode, and a file that the program creates has its usual one", async () => {
  const mode = async (path: string) => lab.run("stat", "-c", "%a", path);
  const it = lab.resource("Process", "it");
  await it.up({ ...IDLE, command: ["sh", "-c", "echo >/run/made; exec sleep 1000"] });
  expect([await mode(String(it.outputs["log"])), await mode("/run/made")]).toEqual(["600", "644"]);
  await it.up({ ...IDLE, log: "/run/logs/new.log" });
  expect([await mode("/run/logs/new.log"), await mode("/run/logs")]).toEqual(["600", "755"]);
  await lab.run("install", "-m", "664", "/dev/null", "/run/logs/old.log");
  await it.up({ ...IDLE, log: "/run/logs/old.log" });
  expect(await mode("/run/logs/old.log")).toBe("664");
});

test("an update to a program that ends at once fails, and the old program runs", async () => {
  const it = lab.resource("Process", "it");
  await it.up({ ...IDLE, env: { A: "1" } });
  await expect(it.up(shell("exit 3"))).rejects.toThrow(ended("sh", 3));
  expect(await programs()).toEqual(["sleep 1000"]);
  expect(await it.up({ ...IDLE, env: { A: "1" } })).toBe("same");
  expect(await it.refresh()).toEqual([]);
});

test("a delete also ends the children of a process, in any session", async () => {
  const it = lab.resource("Process", "it");
  await it.up(shell("setsid sleep 1001 & (setsid sh -c 'sleep 1002; :' &) ; exec sleep 1003"));
  expect(await programs()).toEqual(["sh -c sleep 1002; :", "sleep 1001", "sleep 1002", "sleep 1003"]);
  await it.destroy();
  expect(await inside()).toEqual([]);
});

test("a daemon that detaches itself is found and ended", async () => {
  const it = lab.resource("Process", "it");
  const daemon = shell("setsid sleep 1001 & exit 0");
  await it.up(daemon);
  expect(await inside()).toEqual(["sleep 1001"]);
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  expect(await inside()).toEqual([]);
});

test("a process is ended with its signal, and with SIGKILL if it ignores the signal", async () => {
  const it = lab.resource("Process", "it");
  const log = "/run/it.log";
  const polite = "trap 'echo bye; exit 0' USR1; echo on; while :; do sleep 0.1; done";
  await it.up({ ...shell(polite), log, stopSignal: "SIGUSR1" });
  await it.destroy();
  expect(await lab.run("cat", log)).toContain(`bye\n${ended("sh", 0)}`);
  await it.up({ ...shell("trap '' TERM; while :; do sleep 1; done"), log });
  await it.destroy();
  expect(await inside()).toEqual([]);
});

test("a process can run on the lab host, and a change of its namespace replaces it", async () => {
  const it = lab.resource("Process", "it");
  const args = { command: ["sleep", "1000"], log: "/run/logs/deep/it.log" };
  expect(await it.up(args)).toBe("create");
  expect(await it.refresh()).toEqual([]);
  expect(await it.up({ ...args, namespace: "red" })).toBe("replace");
  expect(await programs()).toEqual(["sleep 1000"]);
});
