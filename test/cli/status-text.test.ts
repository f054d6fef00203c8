import { expect, test } from "vitest";
import { type StackStatus, statusText } from "../../cli/status-text.ts";
import type { ResourceStatus } from "../../inspect/status.ts";

const resource = (name: string, more: Partial<ResourceStatus> = {}): ResourceStatus => ({
  ...{
    type: "Bridge",
    name,
    id: name,
    host: undefined,
    namespace: undefined,
    condition: "up",
    drift: [],
    log: undefined,
  },
  ...{ owner: undefined, ...more },
});

/** Returns the lines of a status of resources on the lab host. */
const told = (...resources: ResourceStatus[]): string[] => statusOn(resources).split("\n");

const statusOn = (resources: ResourceStatus[], more: Partial<StackStatus> = {}): string =>
  statusText({
    ...{
      project: "lab",
      stack: "dev",
      resources,
      addresses: [],
      undeclared: [],
      beside: [],
      locks: [],
      unreachable: [],
      ...more,
    },
  });

const NEXT = "`pulumi refresh` records this in the state, and the next `pulumi up` corrects it.";
const FOREIGN =
  "`pulumi up` changes no foreign object: give the resource another name, or, if the object is no longer needed, delete it.";

test("a lab without drift needs no advice", () => {
  expect(told(resource("lan"))).toEqual(["lab/dev", "  lab host", "    Bridge  lan  lan  up", "", "1 resource: 1 up"]);
});

test("an object of another stack, or without a mark, is foreign, with advice", () => {
  const all = [
    resource("lan", { condition: "foreign", owner: "other/dev" }),
    resource("net", { condition: "foreign" }),
  ];
  expect(told(...all).slice(2)).toEqual([
    "    Bridge  lan  lan  foreign (of stack other/dev)",
    "    Bridge  net  net  foreign (no mark)",
    "",
    "2 resources: 2 foreign",
    FOREIGN,
  ]);
});

test("a resource whose object belongs to another resource of the stack is replaced, which the next up corrects", () => {
  expect(
    told(resource("lan", { condition: "replaced", owner: "office" }), resource("office", { id: "lan" })).slice(2),
  ).toEqual([
    "    Bridge  lan     lan  replaced by another resource: office",
    "    Bridge  office  lan  up",
    "",
    "2 resources: 1 up, 1 replaced",
    NEXT,
  ]);
});

test("each item of a list of groups that only the state or the kernel has, and each property that differs of an item, has a line", () => {
  const [first, second, third] = [{ drop: true, tcp: 22 }, { accept: true }, { drop: true }];
  const linesOf = (was: unknown, is: unknown) =>
    told(resource("lan", { condition: "drifted", drift: [{ property: "rules", was, is }] })).slice(3, -3);
  expect(linesOf([first, second], [third, second]).map((line) => line.trim())).toEqual([
    'rules[0] {"drop":true,"tcp":22} → none',
    'rules[0] none → {"drop":true}',
  ]);
  expect(linesOf([first], undefined).map((line) => line.trim())).toEqual(['rules[0] {"drop":true,"tcp":22} → none']);
  const peer = { publicKey: "a", endpoint: "10.0.0.1:1", allowedIps: ["10.9.0.0/16"], persistentKeepalive: 0 };
  const roamed = { allowedIps: ["10.9.0.0/16"], persistentKeepalive: 0, publicKey: "a", endpoint: "10.0.0.2:1" };
  expect(linesOf([second, peer], [second, roamed]).map((line) => line.trim())).toEqual([
    "rules[1].endpoint 10.0.0.1:1 → 10.0.0.2:1",
  ]);
  expect(linesOf([first, second], [second, first]).map((line) => line.trim())).toEqual(["rules in another order"]);
  expect(linesOf([first, first], [first]).map((line) => line.trim())).toEqual(["rules 2 items → 1 items"]);
});

test("logs of processes outside the state are listed apart from other objects, with the command that shows them", () => {
  const log = {
    what: "log",
    host: undefined,
    namespace: undefined,
    name: "/run/pulumi-netns/lab+dev:web@0.log",
  } as const;
  const text = statusOn([resource("lan")], { beside: [log, { ...log, what: "link", name: "br0" }] });
  expect(text.split("\n").slice(5)).toEqual([
    "",
    "Objects with the stack's mark that are not in its state:",
    "  link  br0",
    "  help: `pulumi up` takes over the objects that the program declares, and `pulumi-netns clean` removes the others",
    "",
    "Logs of processes that are not in the stack's state, because they failed to start, for example:",
    "  log  /run/pulumi-netns/lab+dev:web@0.log",
    expect.stringMatching(/^ {2}help: `pulumi-netns logs NAME` shows .* takes the log over, and `pulumi-netns clean`/),
  ]);
  expect(statusOn([resource("lan")], { beside: [log] })).not.toContain("Objects");
});

test("each property that differs has a line with both values", () => {
  const drift = [
    { property: "mtu", was: 1500, is: 1300 },
    { property: "value", was: "1", is: "0" },
    { property: "gateways", was: ["10.1.0.1"], is: undefined },
  ];
  expect(told(resource("lan", { condition: "drifted", drift })).slice(2)).toEqual([
    "    Bridge  lan  lan  drifted",
    "                        mtu 1500 → 1300",
    "                        value 1 → 0",
    '                        gateways ["10.1.0.1"] → none',
    "",
    "1 resource: 1 drifted",
    NEXT,
  ]);
});

test("several lab hosts are the first level, and the objects of an unreachable one are unknown", () => {
  const all = [
    resource("lan"),
    resource("br0", { host: "lab2", condition: "unknown" }),
    resource("in-red", { host: "lab2", namespace: "red", condition: "unknown" }),
    resource("in-blue", { host: "lab1", namespace: "blue" }),
  ];
  const addresses = [{ place: "lab1/blue", link: "eth0", address: "10.0.0.9/24", seconds: undefined }];
  const unreachable = [{ host: "lab2", answer: "ssh: Connection refused" }];
  const undeclared = [
    { place: "lab1/blue", what: "neighbor", family: "inet", link: "eth0", text: "10.0.0.7" },
  ] as const;
  expect(statusOn(all, { addresses, undeclared, unreachable }).split("\n").slice(1)).toEqual([
    "  this machine",
    "    Bridge      lan      lan          up",
    "  lab1",
    "    blue",
    "      Bridge    in-blue  in-blue      up",
    "      address   eth0     10.0.0.9/24  not declared",
    "      neighbor  eth0     10.0.0.7     not declared",
    "  lab2",
    "    Bridge      br0      br0          unknown",
    "    red",
    "      Bridge    in-red   in-red       unknown",
    "",
    "4 resources: 2 up, 2 unknown",
    "",
    "the lab host lab2 cannot be reached: ssh: Connection refused",
    "  help: its objects are unknown, and count neither as present nor as missing",
  ]);
});
