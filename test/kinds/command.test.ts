import { expect, test } from "vitest";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest("red");

const sh = (script: string) => ["sh", "-c", script];
/** Returns a command that notes its occasion, and prints it. */
const noting = (word: string) => sh(`echo ${word} | tee -a /run/notes`);
const notes = async () => (await lab.run("cat", "/run/notes")).split("\n");

test("a command runs on create, on change and on delete, each once, and its output is an output", async () => {
  const it = lab.resource("Command", "it");
  const args = { create: noting("create"), update: noting("update"), delete: noting("delete") };
  expect(await it.up(args)).toBe("create");
  expect(it.outputs["stdout"]).toBe("create");
  expect(await it.up(args)).toBe("same");
  expect(await it.refresh()).toEqual([]);
  expect(it.outputs["stdout"]).toBe("create");
  expect(await it.up({ ...args, triggers: [1] })).toBe("update");
  expect(it.outputs["stdout"]).toBe("update");
  // Another occasion: nothing is to run now.
  expect(await it.up({ ...args, triggers: [1], timeout: 5000, delete: noting("gone") })).toBe("update");
  expect(it.outputs["stdout"]).toBe("update");
  expect(await notes()).toEqual(["create", "update"]);
  await it.destroy();
  expect(await notes()).toEqual(["create", "update", "gone"]);
});

test("without another command, a change runs the first one, and a delete runs none", async () => {
  const it = lab.resource("Command", "it");
  await it.up({ create: noting("one") });
  expect(await it.up({ create: noting("two") })).toBe("update");
  await it.destroy();
  expect(await notes()).toEqual(["one", "two"]);
});

test("it has the namespace, the input, the environment, the folder and the words that it was given", async () => {
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

test("a failure fails the up with its output, and the next up runs it again", async () => {
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
  await expect(it.destroy()).rejects.toThrow(/exit code 4/);
  await lab.run("ip", "netns", "delete", "red");
  expect(await it.refresh()).toBe("gone");
  await expect(it.up({ create: ["no-such-program"] })).rejects.toThrow(/no-such-program.*: No such file or directory/);
});

test("a child in the background does not hold it, and a command that does not end is killed", async () => {
  const it = lab.resource("Command", "it");
  expect(await it.up({ create: sh("sleep 4321 & echo $!") })).toBe("create");
  expect(await lab.run("ps", "-o", "args=", "-p", String(it.outputs["stdout"]))).toBe("sleep 4321");
  await lab.run("kill", String(it.outputs["stdout"]));
  await expect(it.up({ create: sh("echo waits; sleep 4322"), timeout: 1000 })).rejects.toThrow(
    /the command was still running after 1 s and was killed\. Its output:\nwaits\n {2}help: raise its timeout/,
  );
});

test("no list of processes shows its environment and its input, and no error shows secrets", async () => {
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
