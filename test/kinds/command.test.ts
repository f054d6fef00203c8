import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

const sh = (script: string) => ["sh", "-c", script];
/** Returns a command that appends a word to the notes, and prints it. */
const noting = (word: string) => sh(`echo ${word} | tee -a /run/notes`);
const notes = async () => (await lab.run("cat", "/run/notes")).split("\n");

test("each command runs once, on create, update or delete, and its output is an output of the resource", async () => {
  const it = lab.resource("Command", "it");
  const args = { create: noting("create"), update: noting("update"), delete: noting("delete") };
  expect(await it.up(args)).toBe("create");
  expect(it.outputs["stdout"]).toBe("create");
  expect(await it.up(args)).toBe("same");
  expect(await it.refresh()).toEqual([]);
  expect(it.outputs["stdout"]).toBe("create");
  expect(await it.up({ ...args, triggers: [1] })).toBe("update");
  expect(it.outputs["stdout"]).toBe("update");
  // The command of the delete and the timeout change: no command runs now.
  expect(await it.up({ ...args, triggers: [1], timeout: 5000, delete: noting("gone") })).toBe("update");
  expect(it.outputs["stdout"]).toBe("update");
  expect(await notes()).toEqual(["create", "update"]);
  await it.destroy();
  expect(await notes()).toEqual(["create", "update", "gone"]);
});

test("without update and delete, a change runs the command of create, and a delete runs none", async () => {
  const it = lab.resource("Command", "it");
  await it.up({ create: noting("one") });
  expect(await it.up({ create: noting("two") })).toBe("update");
  await it.destroy();
  expect(await notes()).toEqual(["one", "two"]);
});

test("a command runs with its namespace, input, environment, working directory and arguments", async () => {
  const before = await lab.run("ls", "/run");
  const it = lab.resource("Command", "it");
  await it.up({
    namespace: "red",
    create: sh(`printf '%s|' "$@" "$ODD"; pwd; ip netns identify $$; cat; env | grep -v ^PWD`).concat(
      "x",
      "a b",
      "$HOME",
      "'",
    ),
    stdin: "line 1\n\nno line feed at the end",
    env: { ODD: "\\n\\c é'$(id)\n\n", PATH: "/usr/bin:/bin:/usr/sbin:/sbin", count: "9", timeout: "x", input: "" },
    cwd: "/usr",
  });
  const stdout = String(it.outputs["stdout"]);
  expect(stdout).toMatch(/^a b\|\$HOME\|'\|\\n\\c é'\$\(id\)\n\n\|\/usr\nred\nline 1\n\nno line feed at the end/);
  expect(stdout).toContain("PATH=/usr/bin:/bin:/usr/sbin:/sbin");
  expect([...stdout.matchAll(/^(\w+)=/gm)].map(([, name]) => name).sort()).toEqual([
    "ODD",
    "PATH",
    "count",
    "input",
    "timeout",
  ]);
  await it.destroy();
  expect(await lab.run("ls", "/run")).toBe(before);
});

test("a command that fails makes the up fail with its output, and the next up runs it again", async () => {
  const it = lab.resource("Command", "it");
  const failing = { namespace: "red", create: sh("for i in $(seq 30); do echo out $i; done; echo busy >&2; exit 3") };
  const error = await it.up(failing).catch((error: unknown) => String(error));
  expect(error).toMatch(
    /ip netns exec red sh -c '.*'\n {2}failed: the command ended with exit code 3\. Its output:\nout 12\n/,
  );
  expect(error).toMatch(/out 30\nbusy\n {2}help: fix the error that its output shows$/);
  expect(it.id).toBeUndefined();
  await it.up({ namespace: "red", create: noting("create"), delete: sh("exit 4") });
  await expect(it.up({ namespace: "red", create: sh("exit 5") })).rejects.toThrow(/exit code 5/);
  expect(it.outputs["stdout"]).toBe("create");
  await expect(it.destroy()).rejects.toThrow(
    /failed: the command ended with exit code 4\. It printed nothing\n {2}help: see where it fails\. .*\["sh", "-exc", "…"\]\. The delete is that of the last up: .*`pulumi state delete URN`/,
  );
  expect(await it.up({ namespace: "red", create: noting("create"), delete: noting("gone") })).toBe("update");
  expect(await notes()).toEqual(["create"]);
  await lab.run("ip", "netns", "delete", "red");
  expect(await it.refresh()).toBe("gone");
  await expect(it.up({ create: ["no-such-program"] })).rejects.toThrow(/no-such-program.*: No such file or directory/);
});

test("a command ends before its child in the background, and is killed after its timeout", async () => {
  const it = lab.resource("Command", "it");
  expect(await it.up({ create: sh("sleep 4321 & echo $!") })).toBe("create");
  expect(await lab.run("ps", "-o", "args=", "-p", String(it.outputs["stdout"]))).toBe("sleep 4321");
  await lab.run("kill", String(it.outputs["stdout"]));
  await expect(it.up({ create: sh("sleep 4322"), timeout: 1000 })).rejects.toThrow(
    /the command was still running after 1 s and was killed\. It printed nothing\n {2}help: raise its timeout/,
  );
  await expect(it.up({ create: sh("echo waits; sleep 4322"), timeout: 1000 })).rejects.toThrow(
    /the command was still running after 1 s and was killed\. Its output:\nwaits\n {2}help: raise its timeout/,
  );
});

test("the environment and the input are in no list of processes, and secrets are in no error", async () => {
  const secret = { env: { TOKEN: "tell-nobody" }, stdin: "tell-nobody-else\n" };
  const it = lab.resource("Command", "it");
  const running = it.up({ create: sh("sleep 1.5; ps -ww -eo args | grep -c '[t]ell-nobody'; :"), ...secret });
  await running;
  expect(it.outputs["stdout"]).toBe("0");
  const fails = it.up({ create: sh('cat; echo "$TOKEN"; exit 3'), ...secret }, { secret: ["env.TOKEN", "stdin"] });
  const error = await fails.catch((error: unknown) => String(error));
  expect(error).toMatch(/exit code 3/);
  expect(error).not.toContain("tell-nobody");
});
