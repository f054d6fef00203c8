import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { pidOf, pids, programs } from "../support/processes.ts";

labForEachTest("red");

/** A program that logs its configuration when it starts and after SIGHUP. */
const READER = {
  namespace: "red",
  command: ["sh", "-c", "trap 'cat main.conf' HUP; cat main.conf; while :; do sleep 0.1; done"],
  log: "/run/it.log",
  settle: 100,
};
const files = (text: string) => ({ "main.conf": text });
/** Returns the text of a file exactly; `run` removes the last line feed. */
const read = async (path: string) => (await lab.run("sh", "-c", 'cat "$1"; echo .', "sh", path)).slice(0, -1);
const log = () => read("/run/it.log");
const folder = async () => lab.run("find", "/run/pulumi-netns", "-name", "*.files");
const main = async () => (await pids()).length > 0 && pidOf(READER.command.join(" "));

test("a program finds its files in its working directory, and they are deleted with it", async () => {
  const it = lab.resource("Process", "it");
  const text = "name 'a' $(id) \\n\n é\n\nno line feed at the end";
  const args = { ...READER, files: { "main.conf": text, "conf.d/lan.conf": "", "conf.d/deep/b.conf": "b\n" } };
  expect(await it.up(args)).toBe("create");
  expect(await log()).toBe(text);
  expect(it.outputs["cwd"]).toBe(await folder());
  expect(await lab.run("sh", "-c", 'cd "$1" && find . -type f | sort', "sh", await folder())).toBe(
    "./conf.d/deep/b.conf\n./conf.d/lan.conf\n./main.conf",
  );
  expect(await lab.run("stat", "-c", "%a", `${await folder()}/main.conf`)).toBe("644");
  expect(await it.up(args)).toBe("same");
  expect(await it.refresh()).toEqual([]);
  await lab.run("sh", "-c", 'echo lease >"$1/leases"', "sh", await folder());
  expect(await it.refresh()).toEqual([]);
  await it.destroy();
  expect(await programs()).toEqual([]);
  expect(await lab.run("find", "/run", "-path", "*pulumi-netns*")).toBe("");
});

test("only root can read a secret file, and its content is in no list of processes and no error", async () => {
  const life = lab.resource("Process", "it");
  const files = { "main.conf": "", "wg.key": "secret-key\n", "lease.sh": "#!/bin/sh\n" };
  await life.up({ ...READER, files }, { secret: ["files.wg.key"] });
  const mode = async (name: string) => lab.run("stat", "-c", "%a", `${await folder()}/${name}`);
  expect([await mode("main.conf"), await mode("wg.key"), await mode("lease.sh")]).toEqual(["644", "600", "755"]);
  expect(await read(`${await folder()}/wg.key`)).toBe("secret-key\n");
  await lab.run("rm", "-r", await folder());
  await lab.run("sh", "-c", 'touch "$1"', "sh", String(life.outputs["cwd"]));
  const failed = await life
    .up({ ...READER, files: { "wg.key": "secret-key of another\n" } }, { secret: ["files.wg.key"] })
    .catch((error: unknown) => String(error));
  expect(failed).toMatch(/tee -- \S+wg\.key\n {2}failed: mkdir/);
  expect(failed).not.toContain("secret-key");
});

test("a process that failed to start leaves its log, and no files or folders", async () => {
  const it = lab.resource("Process", "it");
  const files = { "main.conf": "", "conf.d/deep/b.conf": "b\n" };
  await expect(it.up({ namespace: "red", command: ["false"], files })).rejects.toThrow("the program ended at once");
  const left = await lab.run("find", "/run/pulumi-netns", "-mindepth", "1");
  expect(left).toMatch(/^\S+\.log$/);
});

test("a changed file restarts the program", async () => {
  const it = lab.resource("Process", "it");
  await it.up({ ...READER, files: files("one\n") });
  const pid = await main();
  expect(await it.up({ ...READER, files: { ...files("two\n"), more: "" } })).toBe("update");
  expect(await log()).toContain("two\n");
  expect(await main()).not.toBe(pid);
  expect(await it.up({ ...READER, files: files("two\n") })).toBe("update");
  expect(await lab.run("ls", await folder())).toBe("main.conf");
});

test.each<[string, object]>([
  ["SIGHUP", { onChange: "reload" }],
  ["a signal", { onChange: "SIGHUP" }],
  [
    "a command in the working directory",
    { onChange: ["sh", "-c", 'cat main.conf >>/run/it.log; [ "$A" = 1 ]'], env: { A: "1" } },
  ],
])("a changed file or trigger reloads the program by %s", async (_way, how) => {
  const it = lab.resource("Process", "it");
  await it.up({ ...READER, ...how, files: files("one\n") });
  const pid = await main();
  expect(await it.up({ ...READER, ...how, files: files("two\n") })).toBe("update");
  await expect.poll(log).toBe("one\ntwo\n");
  expect(await it.up({ ...READER, ...how, files: files("two\n"), triggers: ["a"] })).toBe("update");
  await expect.poll(log).toBe("one\ntwo\ntwo\n");
  expect(await main()).toBe(pid);
  expect(await it.refresh()).toEqual([]);
});

test("a changed trigger restarts a program without files", async () => {
  const it = lab.resource("Process", "it");
  const idle = { namespace: "red", command: ["sleep", "1000"], settle: 100 };
  await it.up({ ...idle, triggers: ["a", 1] });
  const before = await pids();
  expect(await it.up({ ...idle, triggers: ["a", 1] })).toBe("same");
  expect(await it.up({ ...idle, triggers: ["a", 2] })).toBe("update");
  expect((await pids()).filter((pid) => before.includes(pid))).toEqual([]);
  expect(await it.up(idle)).toBe("update");
  await it.destroy();
  expect(await lab.run("find", "/run", "-path", "*pulumi-netns*")).toBe("");
});

test("a file that was edited or deleted by hand is drift, and is written and loaded again", async () => {
  const it = lab.resource("Process", "it");
  const args = { ...READER, onChange: "reload", files: { ...files("one\n"), more: "more" } };
  await it.up(args);
  await lab.run("sh", "-c", 'echo mine >"$1/main.conf"; rm "$1/more"', "sh", await folder());
  expect(await it.refresh()).toEqual(["files"]);
  expect(it.outputs["files"]).toEqual({ "main.conf": "mine\n" });
  expect(await it.up(args)).toBe("update");
  await expect.poll(log).toBe("one\none\n");
  expect(await lab.run("cat", `${await folder()}/more`)).toBe("more");
});

test("a failed restart restores the files and the program, and a failed reload the files", async () => {
  const it = lab.resource("Process", "it");
  const strict = (text: string, more: object = {}) => ({
    ...{ ...READER, files: files(text), ...more },
    command: ["sh", "-c", "cat main.conf; grep -q good main.conf || exit 3; sleep 1000"],
  });
  await it.up(strict("good one\n"));
  await expect(it.up(strict("bad\n"))).rejects.toThrow(/the program ended at once/);
  expect(await read(`${await folder()}/main.conf`)).toBe("good one\n");
  expect(await programs()).toContain("sleep 1000");
  expect(await it.up(strict("good one\n"))).toBe("same");
  expect(await it.refresh()).toEqual([]);
  const check = { onChange: ["sh", "-c", "grep good main.conf || { echo no good there >&2; exit 4; }"] };
  expect(await it.up(strict("good one\n", check))).toBe("update");
  await expect(it.up(strict("bad\n", check))).rejects.toThrow(
    /failed: the command ended with exit code 4\. Its output:\n {0,2}no good there/,
  );
  expect(await read(`${await folder()}/main.conf`)).toBe("good one\n");
  expect(await it.refresh()).toEqual([]);
});

test("a program that is not ready after a reload loads its former files again", async () => {
  const it = lab.resource("Process", "it");
  const ready = { command: ["grep", "-q", "good", "main.conf"], timeout: 1000 };
  const args = (text: string, more: object = {}) => ({
    ...READER,
    onChange: "reload",
    ready,
    files: { ...files(text), ...more },
  });
  await it.up(args("good one\n", { old: "" }));
  await expect(it.up(args("bad\n", { new: "" }))).rejects.toThrow(/not ready/);
  await expect.poll(log).toBe("good one\nbad\ngood one\n");
  expect(await lab.run("ls", await folder())).toBe("main.conf\nold");
  expect(await it.refresh()).toEqual([]);
  expect(await it.up(args("good one\n", { old: "" }))).toBe("same");
});

test.each([1, 3, 4])("the next run completes a change that dies after %i commands", async (commands) => {
  const before = lab.resource("Process", "it");
  const reload = { ...READER, onChange: "reload" };
  await before.up({ ...reload, files: { ...files("one\n"), old: "" } });
  const dying = lab.nextRun(commands).resource("Process", "it");
  dying.resume(before);
  const after = { ...reload, files: { ...files("two\n"), new: "" } };
  await dying.up(after).catch(() => undefined);
  const next = lab.nextRun().resource("Process", "it");
  next.resume(before);
  await next.up(after);
  await expect.poll(log).toContain("two\n");
  expect(await lab.run("ls", await folder())).toBe("main.conf\nnew");
  expect(await next.refresh()).toEqual([]);
  await next.destroy();
  expect(await lab.run("find", "/run", "-path", "*pulumi-netns*")).toBe("");
});

test("concurrent deletes of programs remove their common folder", async () => {
  const all = ["a", "b", "c", "d", "e", "f"].map((name) => lab.resource("Process", name));
  for (let round = 0; round < 3; round += 1) {
    await Promise.all(
      all.map((one, index) =>
        one.up({ namespace: "red", command: ["sleep", `30${index}`], files: { main: "" }, settle: 100 }),
      ),
    );
    await Promise.all(all.map((one) => one.destroy()));
    expect(await lab.run("find", "/run", "-path", "*pulumi-netns*")).toBe("");
  }
});
