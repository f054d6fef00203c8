import { afterEach, expect, test, vi } from "vitest";
import { hostSession } from "../../../../provider/kernel/client/host-session.ts";
import type { IpCommand } from "../../../../provider/kernel/command.ts";
import { type Fake, fakeIp, heard, type Said } from "./fake.ts";

afterEach(() => void vi.useRealTimers());

type Answer = (line: string, self: Fake) => Said | undefined;

/** Returns a session whose processes answer in different ways, with the command and the received lines of each process. */
function host(...answers: Answer[]) {
  const started: { argv: string; told: string[]; process: Fake }[] = [];
  const run = hostSession((argv) => {
    const [answer, told]: [Answer | undefined, string[]] = [answers[started.length], []];
    const process = fakeIp((line, self) => {
      told.push(line);
      return answer?.(line, self);
    });
    started.push({ argv: argv.join(" "), told, process });
    return process.child;
  });
  return { run, started, told: () => started.map((one) => one.told) };
}

const line = (text: string, family?: "inet6"): IpCommand => {
  const [object = "", verb = "", ...words] = text.split(" ");
  const subject = words[words.indexOf("dev") + 1];
  return {
    tool: "ip",
    object: object as IpCommand["object"],
    verb,
    words,
    ...(family && { family }),
    ...(words.includes("dev") && subject !== undefined && { subject }),
    ...(verb === "show" && { query: true }),
  };
};
const LINK = "address show dev eth0";
const ADD = "link add name br0";
const ok = () => ({});
const shows = (ifname: string) => () => ({ stdout: `[{"ifname":"${ifname}"}]\n` });
const refuses = (stderr: string) => () => ({ stderr: `${stderr}\n` });

test("one process runs all commands of a family", async () => {
  const { run, started, told } = host(ok, ok);
  await Promise.all([run(line("link add name a")), run(line("route add a", "inet6")), run(line("link add name b"))]);
  await run(line("route add b", "inet6"));
  expect(started.map(({ argv }) => argv)).toEqual([
    "ip -force -json -details -batch -",
    "ip -force -6 -json -details -batch -",
  ]);
  expect(told()).toEqual([
    ["link add name a", "link add name b"],
    ["route add a", "route add b"],
  ]);
});

test.each<[string, string, Answer, Answer]>([
  ["the link in the answer has another name", LINK, shows("eth1"), shows("eth0")],
  ["the answer has no link for a query of one link", LINK, () => ({ stdout: "[]\n" }), shows("eth0")],
  [
    "a change fails with an error that an outdated cache may have caused",
    ADD,
    refuses("RTNETLINK answers: Invalid argument"),
    ok,
  ],
  ["a list was interrupted", LINK, refuses("Dump terminated"), shows("eth0")],
])("the command is run again by a new process if %s", async (_why, asked, first, second) => {
  const { run, started, told } = host((text, self) => (text === asked ? first(text, self) : {}), second);
  await run(line("link add name x"));
  expect(await run(line(asked))).toEqual({
    code: 0,
    stdout: "",
    stderr: "",
    ...second(asked, started[0]?.process as Fake),
  });
  expect(told()).toEqual([["link add name x", asked], [asked]]);
  await heard();
  expect(started.map(({ process }) => process.dismissed)).toEqual([true, false]);
  await run(line(ADD));
  expect(told()[1]).toEqual([asked, ADD]);
});

test.each<[string, string, Answer]>([
  ["the link in the answer is the requested one", LINK, shows("eth0")],
  ["the answer to a query of all links is empty", "address show", () => ({ stdout: "[]\n" })],
  ["a change succeeds", ADD, ok],
  ["the queried link does not exist", LINK, refuses('Device "eth0" does not exist.')],
  ["the changed link does not exist", "link set dev eth0 up", refuses('Cannot find device "eth0"')],
  ["the object already exists", ADD, refuses("RTNETLINK answers: File exists")],
  ["the command is denied", ADD, refuses("RTNETLINK answers: Operation not permitted")],
])("the command is not run again if %s", async (_why, asked, answer) => {
  const { run, told } = host((text, self) => (text === asked ? answer(text, self) : {}));
  await run(line("link add name x"));
  const { stdout, stderr } = await run(line(asked));
  expect({ stdout, stderr }).toEqual({ stdout: "", stderr: "", ...answer(asked, undefined as never) });
  expect(told()).toEqual([["link add name x", asked]]);
});

test("any answer of a new process is final", async () => {
  const { run, told } = host(refuses("RTNETLINK answers: Invalid argument"));
  expect(await run(line(ADD))).toMatchObject({ code: 2, stderr: "RTNETLINK answers: Invalid argument\n" });
  expect(told()).toEqual([[ADD]]);
});

test("the answer to the second try is final", async () => {
  const invalid = refuses("RTNETLINK answers: Invalid argument");
  const { run, told } = host((text) => (text === ADD ? invalid() : {}), invalid);
  await run(line("link add name x"));
  expect(await run(line(ADD))).toMatchObject({ code: 2, stderr: "RTNETLINK answers: Invalid argument\n" });
  expect(told()).toEqual([["link add name x", ADD], [ADD]]);
});

test("an interrupted command is not run again, and later commands are run by another process", async () => {
  const { run, told } = host((text, { end }) => {
    if (text !== ADD) return {};
    end(127, "SIGKILL");
    return undefined;
  }, ok);
  await run(line("link add name x"));
  expect(await run(line(ADD))).toEqual({ code: 127, stdout: "", stderr: "", signal: "SIGKILL" });
  await run(line("link add name y"));
  expect(told()).toEqual([["link add name x", ADD], ["link add name y"]]);
});

test("an idle process is ended, and another one is started for the next command", async () => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const { run, started, told } = host(ok, ok);
  await run(line("link add name x"));
  await heard();
  expect(started[0]?.process.dismissed).toBe(false);
  await vi.runAllTimersAsync();
  await heard();
  expect(started[0]?.process.dismissed).toBe(true);
  await run(line(ADD));
  expect(told()).toEqual([["link add name x"], [ADD]]);
});
