import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { IDLE, inside, pidOf, pids, programs, shell } from "../support/processes.ts";

labForEachTest("red");

test("a process that died is reported as gone, and started again", async () => {
  const it = lab.resource("Process", "it");
  await it.up(IDLE);
  const pid = await pidOf("sleep 1000");
  await lab.run("kill", "-9", pid);
  await expect.poll(inside, { timeout: 60_000 }).toEqual([]);
  expect(await it.refresh()).toBe("gone");
  expect(await it.up(IDLE)).toBe("create");
  expect(await programs()).toEqual(["sleep 1000"]);
});

test("a run without state finds the running process, and starts no second one", async () => {
  await lab.resource("Process", "it").up(IDLE);
  const before = await pids();
  const again = lab.nextRun().resource("Process", "it");
  expect(await again.up(IDLE)).toBe("create");
  expect(await pids()).toEqual(before);
  const changed = lab.nextRun().resource("Process", "it");
  expect(await changed.up({ ...IDLE, command: ["sleep", "2000"] })).toBe("create");
  expect(await programs()).toEqual(["sleep 2000"]);
});

test("only one of several concurrent runs starts the process", async () => {
  const runs = [lab.nextRun(), lab.nextRun(), lab.nextRun()].map((run) => run.resource("Process", "it").up(IDLE));
  expect(await Promise.all(runs)).toEqual(["create", "create", "create"]);
  expect(await programs()).toEqual(["sleep 1000"]);
});

test.each([1, 2, 3])("the next run completes a run that dies after %i commands", async (commands) => {
  const before = lab.resource("Process", "it");
  await before.up(IDLE);
  const dying = lab.nextRun(commands).resource("Process", "it");
  dying.resume(before);
  const changed = { ...IDLE, command: ["sleep", "2000"] };
  await dying.up(changed).catch(() => undefined);
  const next = lab.nextRun().resource("Process", "it");
  next.resume(before);
  await next.up(changed);
  expect(await programs()).toEqual(["sleep 2000"]);
  expect(await next.refresh()).toEqual([]);
});

test("a process that overwrites its environment with its title is still found", async () => {
  const it = lab.resource("Process", "it");
  // Like a program that uses prctl or setproctitle, the process has an environment without the mark.
  await it.up(shell("exec env -i /bin/sleep 1001"));
  expect(await programs()).toEqual(["/bin/sleep 1001"]);
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  expect(await inside()).toEqual([]);
});

test("a delete ends no foreign process, also if the mark is in its command line", async () => {
  const it = lab.resource("Process", "it");
  const other = lab.resource("Process", "other");
  await it.up(IDLE);
  await other.up({ ...IDLE, command: ["sleep", "1009", "0", "0"] });
  await lab.run(
    "ip",
    "netns",
    "exec",
    "red",
    "setsid",
    "--fork",
    "sh",
    "-c",
    `exec >/dev/null 2>&1; sleep 1020; : PULUMI_NETNS_MARK=${String(it.outputs["__mark"])}`,
  );
  await it.destroy();
  expect((await programs()).filter((line) => line.startsWith("sleep"))).toEqual(["sleep 1009 0 0", "sleep 1020"]);
});

test("a process in a namespace that was deleted and created again is drift, and is started in the new one", async () => {
  const it = lab.resource("Process", "it");
  await it.up(IDLE);
  const pid = await pidOf("sleep 1000");
  await lab.run("ip", "netns", "delete", "red");
  await lab.run("ip", "netns", "add", "red");
  expect(await it.refresh()).toEqual(["command"]);
  expect(await it.up(IDLE)).toBe("update");
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(await programs()).toEqual(["sleep 1000"]);
});

test("a process does not keep a deleted namespace alive in which it does not run", async () => {
  await lab.run("ip", "netns", "add", "blue");
  await lab.run(
    "ip",
    "-n",
    "blue",
    "link",
    "add",
    "name",
    "left",
    "type",
    "veth",
    "peer",
    "name",
    "right",
    "netns",
    "red",
  );
  await lab.resource("Process", "it").up(IDLE);
  await lab.run("ip", "netns", "delete", "blue");
  await expect
    .poll(async () => (await lab.ip("-n", "red", "link", "show")).map((link) => link.ifname), { timeout: 60_000 })
    .toEqual(["lo"]);
});
