import { describe, expect, test } from "vitest";
import { argsOf, type Command, displayCommand, inputOf } from "../../../provider/kernel/command.ts";
import { process } from "../../../provider/kinds/process.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { fails, scripted } from "../script.ts";

const OTHER = "pulumi-netns:lab/dev:was@0123abcd";
const WEB = { namespace: "red", command: ["httpd", "-f"] };
type Seen = NonNullable<Parameters<typeof process.plan>[0]["seen"]>;
const seen = (more: Partial<Seen> = {}): Seen => ({
  isRunning: true,
  isCurrent: true,
  mark: MARK,
  stopSignal: "SIGTERM",
  loaded: undefined,
  staleFiles: [],
  state: ready(process, WEB),
  ...more,
});
const DEAD = { isRunning: false, isCurrent: false, state: undefined };

const marked = (mark: string) => `grep -lszxF PULUMI_NETNS_MARK=${mark} /proc/[0-9]*/environ`;
const kill = (signal: string, mark = MARK) => `kill -s ${signal} $(${marked(mark)} | tr -dc '0-9\\n')`;
const START = "ip netns exec red httpd -f";
const forget = (name: string) =>
  `rm -rf -- ${["files", "loaded", "log"].map((end) => `/run/pulumi-netns/lab+dev:${name}@0123abcd.${end}`).join(" ")}`;

const NO_COMMAND = 'is not a program and its arguments, e.g. ["dnsmasq", "--no-daemon"]';
const NO_NAME = 'is not a variable name: letters, digits and _, not beginning with a digit, e.g. "TZ"';
const NO_VALUE = "contains a NUL character";

test.each([
  [{ command: [] }, "command", `[] ${NO_COMMAND}`],
  [{ command: "httpd" }, "command", `"httpd" ${NO_COMMAND}`],
  [{ command: "httpd -f" }, "command", 'arguments: no shell splits a line; write ["httpd","-f"]'],
  [
    { command: ["sleep 100 > /tmp/x"] },
    "command",
    'no shell splits a line or interprets its >; write ["sh","-c","sleep 100 > /tmp/x"]',
  ],
  [{ command: "cd / && ls" }, "command", 'no shell splits a line or interprets its &; write ["sh","-c","cd / && ls"]'],
  [{ command: ["httpd -f 80"] }, "command", 'no shell splits a line; write ["httpd","-f","80"]'],
  [{ command: ["", "-f"] }, "command", NO_COMMAND],
  [{ command: ["httpd", 80] }, "command", 'a program and its arguments: 80 is not text; write "80"'],
  [{ command: ["httpd", "a\0b"] }, "command", NO_COMMAND],
  [{ ...WEB, env: { TOKEN: "geheim-77", "A-B": "geheim-78" } }, "env.A-B", NO_NAME],
  [{ ...WEB, env: { "1A": "1" } }, "env.1A", NO_NAME],
  [{ ...WEB, env: { A: 1 } }, "env.A", "is a number; write it as text"],
  [{ ...WEB, env: { A: "geheim-77\0" } }, "env.A", NO_VALUE],
  [{ ...WEB, env: { PULUMI_NETNS_MARK: "x" } }, "env.PULUMI_NETNS_MARK", "is a reserved name"],
  [{ ...WEB, env: "TZ=UTC" }, "env", '"TZ=UTC" is not a map of environment variables, e.g. { "TZ": "UTC" }'],
  [{ ...WEB, cwd: "srv" }, "cwd", '"srv" is not an absolute path, e.g. "/srv"'],
  [{ ...WEB, log: "web.log" }, "log", '"web.log" is not an absolute path, e.g. "/var/log/web.log"'],
  [{ ...WEB, log: "/var/log/a\nb" }, "log", '"/var/log/a\\nb" is not an absolute path'],
  [{ ...WEB, stopSignal: "TERM" }, "stopSignal", '"TERM" is not one of "SIGTERM", "SIGINT"'],
  [{ ...WEB, files: { "../passwd": "geheim" } }, "files.../passwd", "is not a file name: letters, digits"],
  [{ ...WEB, files: { "/etc/x": "geheim" } }, "files./etc/x", "is not a file name"],
  [{ ...WEB, files: { "a b": "geheim" } }, "files.a b", "is not a file name"],
  [{ ...WEB, files: { a: 1 } }, "files.a", "is a number; write it as text"],
  [{ ...WEB, files: "a" }, "files", '"a" is not a map of file names and texts'],
  [{ ...WEB, files: { a: "", "a/b": "" } }, "files", '"a" is a file and a folder'],
  [{ ...WEB, files: { a: "" }, cwd: "/srv" }, "cwd", "cannot be combined with files"],
  [{ ...WEB, onChange: "reboot" }, "onChange", '"reboot" is not "restart", "reload", a signal or a command'],
  [{ ...WEB, onChange: "HUP" }, "onChange", "is not"],
  [{ ...WEB, onChange: [] }, "onChange", "is not"],
  [{ ...WEB, onChange: { signal: "SIGHUP" } }, "onChange", "is not"],
  [{ ...WEB, triggers: "x" }, "triggers", '"x" is not a list of values'],
  [{ ...WEB, triggers: [{}] }, "triggers.0", "{} is not a text, a number or true or false"],
  [{ ...WEB, interfaces: ["wg/0"] }, "interfaces.0", "is not an interface name"],
  [{ ...WEB, interfaces: ["wg 0"] }, "interfaces.0", '"wg 0" is a list in one text; write ["wg", "0"]'],
  [{ ...WEB, ready: 80 }, "ready", "log, timeout\n  help: put a port into an object, e.g. { tcp: 80 }"],
  [{ ...WEB, ready: {} }, "ready", "no condition: set tcp, udp, command or log"],
  [{ ...WEB, ready: { tcp: 0 } }, "ready.tcp", "is not a TCP port"],
  [{ ...WEB, ready: { log: "a\nb" } }, "ready.log", "is not a text without line breaks"],
  [{ ...WEB, settle: 99 }, "settle", "99 is not a time in milliseconds: it is less than 100"],
  [{ ...WEB, settle: 60_001 }, "settle", "60001 is not a time in milliseconds"],
])("%j is refused at %s: %s", (args, property, reason) => {
  const checked = check(process.schema, args);
  expect(checked).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
  expect(JSON.stringify(checked)).not.toContain("geheim");
});

test.each([
  { command: ["httpd", UNKNOWN] },
  { command: ["httpd", "", "a b\n", "$(id)"], env: { A: UNKNOWN, _b1: "", C: "a=b\n" } },
])("%j is accepted unchanged", (args) => {
  expect(check(process.schema, args)).toMatchObject({ args });
});

test("the defaults are a log named after the resource, the root folder, SIGTERM and half a second", () => {
  expect(ready(process, WEB)).toEqual({
    ...WEB,
    cwd: "/",
    log: "/run/pulumi-netns/lab+dev:it@0123abcd.log",
    stopSignal: "SIGTERM",
    settle: 500,
  });
});

test.each<[string, Seen | undefined, object, string[]]>([
  ["to start one", undefined, WEB, [START]],
  ["to start one on the lab host", undefined, { command: ["httpd"] }, ["httpd"]],
  ["to start one with special words", undefined, { command: ["echo", "a b", "$(id)"] }, ["echo 'a b' '$(id)'"]],
  ["to do nothing if it runs as declared", seen(), WEB, []],
  ["to do nothing if only the way to stop it differs", seen(), { ...WEB, stopSignal: "SIGINT", settle: 100 }, []],
  ["to start one again that has ended", seen(DEAD), WEB, [START]],
  ["to restart one with another definition", seen({ isCurrent: false }), WEB, [kill("TERM"), START]],
  ["to stop one with its stop signal", seen({ isCurrent: false, stopSignal: "SIGUSR1" }), WEB, [kill("USR1"), START]],
  [
    "to replace the process of the resource's former name",
    seen({ mark: OTHER }),
    WEB,
    [kill("TERM", OTHER), forget("was"), START],
  ],
])("the plan %s", (_what, is, to, lines) => {
  expect(showPlan(process.plan({ seen: is, desired: ready(process, to), mark: MARK }))).toBe(lines.join("\n"));
});

test("a process that a change has stopped is started again if the change fails", () => {
  const [ending] = process.plan({
    seen: seen({ isCurrent: false }),
    was: ready(process, { ...WEB, env: { A: "1" } }),
    desired: ready(process, { ...WEB, command: ["httpd", "-g"] }),
    mark: MARK,
  });
  expect(displayCommand(ending?.undo ?? NEVER)).toBe(START);
  expect(inputOf(ending?.undo ?? NEVER)).toBe("A=1\n");
});

test.each<[string, Seen | undefined, string[]]>([
  ["a running one", seen(), [kill("TERM"), forget("it")]],
  ["one with another stop signal", seen({ stopSignal: "SIGINT" }), [kill("INT"), forget("it")]],
  ["the files of one that has ended", seen(DEAD), [forget("it")]],
  ["a missing one", undefined, []],
])("the plan to delete %s", (_what, is, lines) => {
  expect(showPlan(process.plan({ seen: is, desired: undefined, mark: MARK }))).toBe(lines.join("\n"));
});

describe("the command that starts a process", () => {
  const step = (args: object) => {
    const [only] = process.plan({ seen: undefined, desired: ready(process, args), mark: MARK });
    return only ?? { run: NEVER };
  };
  const wordsAfter = (args: object, word: string) => {
    const all = argsOf(step(args).run);
    return all.slice(all.indexOf(word) + 1);
  };
  const definitionOf = (args: object) =>
    argsOf(step(args).run).find((word) => word.startsWith("PULUMI_NETNS_DEFINITION="));

  test("runs in the namespace, and has each argument as a separate word", () => {
    const args = { ...WEB, env: { A: "a b", B: "$(id)" }, cwd: "/srv", log: "/var/log/web.log", settle: 1500 };
    expect(step(args).run).toMatchObject({ tool: "sh", namespace: "red" });
    expect(wordsAfter(args, MARK).slice(0, 3)).toEqual(["/var/log/web.log", "/srv", "1.5"]);
    expect(wordsAfter(args, "1.5")[0]).toBe(`PULUMI_NETNS_MARK=${MARK}`);
    expect(wordsAfter(args, "1.5").slice(-4)).toEqual(["pulumi-netns", "2", "httpd", "-f"]);
  });

  test("gets variables on its standard input, so that no list of processes and no error shows them", () => {
    const { run } = step({ ...WEB, env: { A: "a b", B: "$(id)", C: "1\n\\n" } });
    expect(inputOf(run)).toBe("A=a b\nB=$(id)\nC=1\\n\\\\n\n");
    expect(argsOf(run).join()).not.toContain("A=a b");
    expect(displayCommand(run)).toBe(START);
  });

  test("is undone by the stop signal of the new process", () => {
    const { undo = NEVER } = step({ ...WEB, stopSignal: "SIGINT" });
    expect(displayCommand(undo)).toBe(kill("INT"));
  });

  test.each<[string, object, boolean]>([
    ["no difference", {}, true],
    ["its variables in another order", { env: { B: "2", A: "1" } }, true],
    ["another signal and another settle time", { stopSignal: "SIGINT", settle: 100 }, true],
    ["another argument", { command: ["httpd", "-g"] }, false],
    ["an additional empty argument", { command: ["httpd", "-f", ""] }, false],
    ["another value of a variable", { env: { A: "1", B: "3" } }, false],
    ["another folder", { cwd: "/srv" }, false],
    ["another log", { log: "/var/log/web.log" }, false],
  ])("with %s has the same definition: %j", (_what, change, same) => {
    const args = { ...WEB, env: { A: "1", B: "2" } };
    expect(definitionOf(args)).toMatch(/=\w{8,}$/);
    expect(definitionOf({ ...args, ...change }) === definitionOf(args)).toBe(same);
  });
});

describe("a process that does not start", () => {
  const SIBLING = "pulumi-netns:lab/dev:sibling@89abcdef";
  const recovery = (declared: () => string[], ended = new Set<string>()) => {
    const run = { declared, ended };
    const plan = process.plan({ seen: undefined, desired: ready(process, WEB), mark: MARK, run });
    return plan.at(-1)?.recover;
  };

  test("stops undeclared processes of its stack and place after it has failed", () => {
    const declared = [MARK];
    const { from, run } = recovery(() => declared) ?? {};
    declared.push(SIBLING);
    const command = typeof run === "function" ? run() : NEVER;
    expect(from).toBe("failed");
    expect(command.namespace).toBeUndefined();
    expect(argsOf(command).slice(2)).toEqual([
      "pulumi-netns",
      "pulumi-netns:lab/dev:",
      "/run/netns/red",
      "50",
      MARK,
      SIBLING,
    ]);
  });

  test("reports the stopped processes, so that they are started again if the program declares them later", () => {
    const ended = new Set<string>();
    expect(recovery(() => [], ended)?.onResult?.({ code: 0, stdout: `${SIBLING}\n`, stderr: "" })).toBe(true);
    expect([...ended]).toEqual([SIBLING]);
    expect(recovery(() => [], ended)?.onResult?.({ code: 0, stdout: "", stderr: "" })).toBe(false);
    expect([...ended]).toEqual([SIBLING]);
  });

  test("stops no processes if no program is run", () => {
    const [only] = process.plan({ seen: undefined, desired: ready(process, WEB), mark: MARK });
    expect(only).not.toHaveProperty("recover");
  });
});

const NEVER: Command = { tool: "sh", args: [] };

describe("the observed state", () => {
  const says = (...lines: string[]) => ({ code: 0, stdout: lines.join("\n"), stderr: "" });
  const ARGS = ready(process, WEB);
  const observe = (answer: ReturnType<typeof fails>) =>
    scripted([[marked(MARK), answer]], (kernel) => process.observe(kernel, ARGS, MARK));

  test.each([
    ["one that runs as declared", says("runs", "fits", "runs", "paths"), seen()],
    ["one whose log is deleted", says("runs", "fits"), seen()],
    ["one with another definition", says("runs", "paths"), seen({ isCurrent: false, state: { ...ARGS, command: [] } })],
    ["one that has ended and has left its log", says("paths"), seen(DEAD)],
    ["undefined if there is none", says(), undefined],
  ])("is %s", async (_what, answer, expected) => {
    expect(await observe(answer)).toEqual(expected);
  });

  test("is an error if the query is denied", async () => {
    await expect(observe(fails("grep: Permission denied"))).rejects.toMatchObject({ reason: "denied" });
  });
});
