import { describe, expect, test } from "vitest";
import { displayCommand } from "../../../provider/kernel/command.ts";
import { hosts } from "../../../provider/kinds/hosts.ts";
import { showPlan } from "../../../provider/plan.ts";
import { check, UNKNOWN } from "../../../provider/schema.ts";
import { MARK, ready } from "../samples.ts";
import { type Exchange, fails, scripted } from "../script.ts";

const SIBLING = "pulumi-netns:lab/dev:sibling@0123abcd";
const RED = { namespace: "red" };
const WEB = { ...RED, addresses: { web: "10.0.0.80" } };
const DNS = { ...RED, nameservers: ["10.0.0.1"] };
const BOTH = { ...WEB, ...DNS };

const bookOf = (mark: string, ...lines: string[]) =>
  [`# ${mark}`, "127.0.0.1\tlocalhost", "::1\tlocalhost", ...lines, ""].join("\n");
const serversOf = (mark: string, ...lines: string[]) => [`# ${mark}`, ...lines, ""].join("\n");
const BOOK = bookOf(MARK, "10.0.0.80\tweb");
const SERVERS = serversOf(MARK, "nameserver 10.0.0.1");
const PERSONS = "10.0.0.9 mine\n";

type Seen = NonNullable<Parameters<typeof hosts.plan>[0]["seen"]>;
const seen = (files: Seen["files"], more: Partial<Seen> = {}): Seen => ({
  namespace: "red",
  files,
  state: BOTH,
  mark: MARK,
  ...more,
});
const ALL = seen({ hosts: BOOK, "resolv.conf": SERVERS });

const FOLDER = "mkdir -p -- /etc/netns/red";
const write = (file: string, text: string) => `tee -- /etc/netns/red/${file} <<'EOF'\n${text}EOF`;
const remove = (file: string) => `rm -f -- /etc/netns/red/${file}`;
const CLEAR = "rmdir --ignore-fail-on-non-empty -- /etc/netns/red /etc/netns";
const clear = (...names: string[]) => `rm -f -- ${names.map((name) => `/etc/netns/red/${name}`).join(" ")} && ${CLEAR}`;

const NO_BOOK = 'is not a map from host names to addresses, e.g. { "web": "10.0.0.80", "db": ["10.0.0.5", "fd00::5"] }';
const wrong = (why: string) => `is not a map from host names to addresses: ${why}`;
const NO_LIST = 'is not a list of name server addresses, e.g. ["10.0.0.1", "fd00::1"]';

test.each([
  [{ addresses: {} }, "namespace", "missing required argument"],
  [{ namespace: "a/b" }, "namespace", '"a/b" is not '],
  [{ ...RED, addresses: ["10.0.0.80"] }, "addresses", NO_BOOK],
  [
    { ...RED, addresses: { web: "10.0.0" } },
    "addresses",
    wrong('"10.0.0" of web is not a host address: it has 3 numbers; an IPv4 address has 4'),
  ],
  [
    { ...RED, addresses: { db: "10.0.0.1", web: "10.0.0.0/24" } },
    "addresses",
    wrong('"10.0.0.0/24" of web is not a host address: it is a network, but one host is required, e.g. "10.0.0.1"'),
  ],
  [
    { ...RED, addresses: { web: ["10.0.0.400"] } },
    "addresses",
    `{"web":["10.0.0.400"]} ${wrong('"10.0.0.400" of web is not a host address: 400 is greater than 255')}`,
  ],
  [{ ...RED, addresses: { web: [] } }, "addresses", wrong("web has no address; leave it out")],
  [{ ...RED, addresses: { web: ["10.0.0.80", 1] } }, "addresses", wrong("1 of web is not a host address")],
  [{ ...RED, addresses: { "": "10.0.0.80" } }, "addresses", wrong('"" is not a host name')],
  [{ ...RED, addresses: { "a b": "10.0.0.80" } }, "addresses", wrong('"a b" is not a host name')],
  [{ ...RED, addresses: { "web\n10.0.0.1 evil": "10.0.0.80" } }, "addresses", wrong('"web\\n10.0.0.1 evil" is not a')],
  [{ ...RED, addresses: { "#": "10.0.0.80" } }, "addresses", wrong('"#" is not a host name')],
  [{ ...RED, addresses: { "a..b": "10.0.0.80" } }, "addresses", wrong('"a..b" is not a host name')],
  [
    { ...RED, addresses: { ["a".repeat(64)]: "10.0.0.80" } },
    "addresses",
    wrong(`"${"a".repeat(64)}" is not a host name`),
  ],
  [{ ...RED, nameservers: "10.0.0.1" }, "nameservers", `"10.0.0.1" ${NO_LIST}`],
  [
    { ...RED, nameservers: ["10.0.0.1, 10.0.0.2"] },
    "nameservers",
    '"10.0.0.1, 10.0.0.2" is a list in one text; write ["10.0.0.1", "10.0.0.2"]',
  ],
  [
    { ...RED, addresses: { web: "10.0.0.80 fd00::80" } },
    "addresses",
    wrong('"10.0.0.80 fd00::80" is a list in one text; write ["10.0.0.80", "fd00::80"]'),
  ],
  [
    { ...RED, nameservers: ["10.0.0.1/24"] },
    "nameservers",
    'addresses: "10.0.0.1/24" is not a host address: it has a prefix length, which is not allowed here; use "10.0.0.1"',
  ],
  [
    { ...RED, nameservers: ["10.0.0.1", "dns.lab"] },
    "nameservers",
    'is not a list of name server addresses: "dns.lab" is not a host address: it is a name; an address is required',
  ],
])("%j is refused at %s: %s", (args, property, reason) => {
  expect(check(hosts.schema, args)).toEqual({ failures: [{ property, reason: expect.stringContaining(reason) }] });
});

test.each<[object, object]>([
  [{ addresses: { web: ["10.0.0.80"] } }, { addresses: { web: "10.0.0.80" } }],
  [
    { addresses: { "a_b.c-d.lab": ["FD00::5", "10.0.0.5"] } },
    { addresses: { "a_b.c-d.lab": ["fd00::5", "10.0.0.5"] } },
  ],
  [{ addresses: { web: UNKNOWN } }, { addresses: { web: UNKNOWN } }],
  [{ nameservers: ["FD00:0::1", UNKNOWN] }, { nameservers: ["fd00::1", UNKNOWN] }],
])("%j is accepted as %j", (args, normal) => {
  expect(check(hosts.schema, { ...RED, ...args })).toEqual({ args: { ...RED, ...normal } });
});

test.each<[string, Seen | undefined, object, string[]]>([
  ["to create both files", undefined, BOTH, [FOLDER, write("hosts", BOOK), write("resolv.conf", SERVERS)]],
  ["to create addresses alone", undefined, WEB, [FOLDER, write("hosts", BOOK)]],
  [
    "to create a host with several addresses",
    undefined,
    { ...RED, addresses: { db: ["10.0.0.5", "fd00::5"], web: "10.0.0.80" } },
    [FOLDER, write("hosts", bookOf(MARK, "10.0.0.5\tdb", "fd00::5\tdb", "10.0.0.80\tweb"))],
  ],
  [
    "to create a file without hosts of the lab",
    undefined,
    { ...RED, addresses: {} },
    [FOLDER, write("hosts", bookOf(MARK))],
  ],
  ["to create no file", undefined, RED, [CLEAR]],
  ["to change nothing if nothing differs", ALL, BOTH, []],
  [
    "to change an address, and not the other file",
    ALL,
    { ...BOTH, addresses: { web: "10.0.0.81" } },
    [FOLDER, write("hosts", bookOf(MARK, "10.0.0.81\tweb"))],
  ],
  [
    "to remove a line that was added to a file",
    seen({ hosts: `${BOOK}10.9.9.9 x\n` }),
    WEB,
    [FOLDER, write("hosts", BOOK)],
  ],
  ["to create a missing file again", seen({ hosts: BOOK }), BOTH, [FOLDER, write("resolv.conf", SERVERS)]],
  ["to remove a file that is no longer declared", ALL, WEB, [remove("resolv.conf")]],
  ["to remove both files", ALL, RED, [clear("hosts", "resolv.conf")]],
  [
    "to replace a file of a user",
    seen({ hosts: PERSONS }, { mark: undefined }),
    WEB,
    [FOLDER, remove("hosts"), write("hosts", BOOK)],
  ],
  [
    "to mark a file that another resource has left",
    seen({ hosts: bookOf(SIBLING, "10.0.0.80\tweb") }, { mark: SIBLING }),
    WEB,
    [FOLDER, write("hosts", BOOK)],
  ],
])("the plan %s", (_what, is, to, lines) => {
  expect(showPlan(hosts.plan({ seen: is, desired: ready(hosts, to), mark: MARK }))).toBe(lines.join("\n"));
});

test.each<[string, Seen | undefined, string[]]>([
  ["both files", ALL, [clear("hosts", "resolv.conf")]],
  ["one file", seen({ "resolv.conf": SERVERS }), [clear("resolv.conf")]],
  ["missing files", undefined, []],
])("the plan to delete %s", (_what, is, lines) => {
  expect(showPlan(hosts.plan({ seen: is, desired: undefined, mark: MARK }))).toBe(lines.join("\n"));
});

test.each<[string, Seen | undefined, (string | undefined)[]]>([
  ["a file that did not exist is removed", undefined, [undefined, remove("hosts")]],
  ["a file that existed is kept", seen({ hosts: bookOf(MARK) }), [undefined, undefined]],
])("after a failure of a later step %s", (_what, is, undone) => {
  const plan = hosts.plan({ seen: is, desired: ready(hosts, WEB), mark: MARK });
  expect(plan.map(({ undo }) => undo && displayCommand(undo))).toEqual(undone);
});

test("the plan to delete tolerates missing folders", () => {
  expect(hosts.plan({ seen: ALL, desired: undefined, mark: MARK }).at(-1)?.tolerate).toEqual(["absent"]);
});

describe("the observed state", () => {
  const NONE = fails("cat: no such file or directory", 1);
  const cat = (name: string, text: string | undefined): Exchange => [
    `cat -- /etc/netns/red/${name}`,
    text === undefined ? NONE : { code: 0, stdout: text, stderr: "" },
  ];
  const observe = (args: object, book?: string, servers?: string) =>
    scripted([cat("hosts", book), cat("resolv.conf", servers)], (kernel) =>
      hosts.observe(kernel, ready(hosts, args), MARK),
    );
  const MINE = { ...RED, addresses: { mine: "10.0.0.9" } };

  test.each<[string, object, string | undefined, string | undefined, Seen | undefined]>([
    ["both files", BOTH, BOOK, SERVERS, ALL],
    ["its own files that are no longer declared", RED, BOOK, SERVERS, ALL],
    [
      "a file of a user in place of its own",
      WEB,
      PERSONS,
      undefined,
      seen({ hosts: PERSONS }, { state: MINE, mark: undefined }),
    ],
    ["undefined if a user has a file that is not declared", DNS, PERSONS, undefined, undefined],
    [
      "one file if the other one belongs to a user",
      DNS,
      PERSONS,
      SERVERS,
      seen({ "resolv.conf": SERVERS }, { state: DNS }),
    ],
    ["undefined for an empty file", WEB, "", undefined, undefined],
    ["undefined without files", BOTH, undefined, undefined, undefined],
  ])("is %s", async (_what, args, book, servers, expected) => {
    expect(await observe(args, book, servers)).toEqual(expected);
  });

  test.each([
    ["that of another resource", bookOf(SIBLING), SERVERS, SIBLING],
    ["none if one file belongs to a user", BOOK, "nameserver 10.0.0.1\n", undefined],
  ])("has a mark: %s", async (_what, book, servers, mark) => {
    expect(await observe(BOTH, book, servers)).toHaveProperty("mark", mark);
  });

  test("has every address and name of a file, in any notation", async () => {
    const text = `# ${MARK}\n\n10.0.0.5 db db.lab # the database\n  fd00::5\tdb\n127.0.0.1\tlocalhost\n`;
    const addresses = { db: ["10.0.0.5", "fd00::5"], "db.lab": "10.0.0.5" };
    expect(await observe(WEB, text)).toHaveProperty("state.addresses", addresses);
  });
});
