import { describe, expect, test } from "vitest";
import type { KernelClient } from "../../../../provider/kernel/kernel.ts";
import { dev, ip, namespaceWord, showLink, showLinks, showRoutes } from "../../../../provider/kernel/tools/ip.ts";
import { fails, scripted, tells } from "../../script.ts";

test("a command has its words as a list of texts", () => {
  expect(ip("red", "link", "set", dev("x"), "mtu", 1500)).toEqual({
    tool: "ip",
    namespace: "red",
    object: "link",
    verb: "set",
    words: ["dev", "x", "mtu", "1500"],
    subject: "x",
  });
});

test.each([
  ["red", "red"],
  ["r3d", "r3d"],
  ["1.5", "1.5"],
  ["1e3", "1e3"],
  ["7", "/run/netns/7"],
  ["007", "/run/netns/007"],
  ["+7", "/run/netns/+7"],
  ["0x1F", "/run/netns/0x1F"],
  ["0x", "0x"],
  ["7a", "7a"],
])("the namespace %s, which could be read as a process id, is written as %s", (name, word) => {
  expect(namespaceWord(name)).toBe(word);
});

const questions: [command: string, ask: (kernel: KernelClient) => Promise<unknown>][] = [
  ["ip -n red -json -details address show dev eth0", (kernel) => showLink(kernel, "red", "eth0")],
  ["ip -json -details address show", (kernel) => showLinks(kernel, undefined)],
  ["ip -n red -json -details address show dev eth0", (kernel) => showLink(kernel, "red", "eth0")],
  [
    "ip -n red -json -details -6 route show exact fd00::/64 table 254",
    (kernel) => showRoutes(kernel, "red", { family: "inet6", destination: "fd00::/64", table: "254" }),
  ],
];

describe.each(questions)("%s", (command, ask) => {
  const answering = (answer: ReturnType<typeof fails>) => scripted([[command, answer]], ask);

  test.each([
    'Device "eth0" does not exist.',
    'Cannot open network namespace "red": No such file or directory',
    "Error: ipv4: FIB table does not exist.\nDump terminated",
  ])("returns undefined after %j", async (stderr) => {
    expect(await answering(fails(stderr))).toBeUndefined();
  });

  test.each([
    ['Cannot open network namespace "red": Permission denied', "denied"],
    ["RTNETLINK answers: Operation not permitted\nDevice does not exist", "denied"],
    ["Cannot send dump request: Connection refused", "failed"],
  ])("throws after %j", async (stderr, reason) => {
    await expect(answering(fails(stderr))).rejects.toMatchObject({ name: "KernelError", reason });
  });

  test("throws if the answer has unexpected contents", async () => {
    await expect(answering(tells([{ nonsense: true }]))).rejects.toThrow();
  });
});

test("a route that is shown without a type is unicast", async () => {
  const answer = tells([{ dst: "default", gateway: "10.0.0.9", dev: "eth0", flags: [] }]);
  const routes = await scripted([[questions[3]?.[0] ?? "", answer]], questions[3]?.[1] ?? (async () => []));
  expect(routes).toEqual([{ type: "unicast", dst: "default", gateway: "10.0.0.9", dev: "eth0", flags: [] }]);
});

test("no routes are an empty list, also if ip prints nothing", async () => {
  const [command, ask] = questions[3] ?? ["", async () => undefined];
  expect(await scripted([[command]], ask)).toEqual([]);
});
