import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileOf } from "../../provider/sysctl-key.ts";
import { faultOfSysctlValue, normalizeSysctl } from "../../provider/sysctl-value.ts";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";

/* The normal form of a value of a sysctl is the form in which the kernel prints it. */

let host: Sandbox;

beforeAll(async () => {
  host = await sandbox();
});
afterAll(() => host[Symbol.asyncDispose]());

/** Writes a value, and returns the value that the kernel then prints; undefined if the kernel rejected it. */
async function printed(key: string, value: string): Promise<string | undefined> {
  // sysctl exits with 0 for some values that the kernel rejects.
  const { code, stderr } = await host.try("sysctl", "-qw", `${key}=${value}`);
  if (code !== 0 || stderr !== "") return undefined;
  return (await host.run("sysctl", "-n", key)).trim().replaceAll(/[ \t]+/g, " ");
}

const spelled = (number: number) =>
  fc.constantFrom(
    String(number),
    `0x${number.toString(16)}`,
    `0X${number.toString(16).toUpperCase()}`,
    `0${number.toString(8)}`,
  );

const port = fc.integer({ min: 0, max: 65_535 });
const range = fc
  .tuple(port, fc.integer({ min: 0, max: 3 }))
  .chain(([from, more]) =>
    more === 0
      ? spelled(from)
      : fc.tuple(spelled(from), spelled(Math.min(from + more, 65_535))).map((pair) => pair.join("-")),
  );
const ports = fc.array(range, { minLength: 1, maxLength: 6 }).map((ranges) => ranges.join(","));

const near = fc.integer({ min: 8000, max: 8010 }).chain(spelled);
const nearPorts = fc.array(near, { minLength: 1, maxLength: 8 }).map((list) => list.join(","));

const numbers = (count: number, blank = " ") =>
  fc
    .array(fc.integer({ min: 4096, max: 1_000_000 }).chain(spelled), { minLength: count, maxLength: count })
    .map((list) => list.join(blank));

test.each([
  ["net.ipv4.ip_local_reserved_ports", ports],
  ["net.ipv4.ip_local_reserved_ports", nearPorts],
  ["net.ipv4.tcp_keepalive_intvl", numbers(1)],
  ["net.ipv4.tcp_rmem", numbers(3)],
  ["net.ipv4.tcp_rmem", numbers(3, "\t ")],
  ["net.ipv4.conf.lo.forwarding", fc.integer({ min: -9, max: 9 }).map((number) => String(number))],
  [
    "net.ipv4.conf.lo.forwarding",
    fc.integer({ min: 1, max: 9 }).chain((number) => spelled(number).map((text) => `-${text}`)),
  ],
  ["net.ipv6.conf.lo.stable_secret", fc.ipV6()],
  [
    "net.ipv4.tcp_fastopen_key",
    fc
      .array(fc.integer({ min: 0, max: 0xffffffff }), { minLength: 4, maxLength: 4 })
      .map((words) => words.map((word) => word.toString(16)).join("-")),
  ],
])("%s is printed in its normal form", async (key, values) => {
  await fc.assert(
    fc.asyncProperty(values, async (value) => {
      expect(await printed(key, value)).toBe(normalizeSysctl(key, value));
    }),
    { numRuns: 40 },
  );
});

/** Values that the kernel rejects are not normalized, so that its error shows them as given. */
test.each(["08", "0x", "+1", "1.0", "5-3", "1,,2", ",1", "65536", "8080, 8081", "1-2-3"])(
  "the kernel rejects %j, which has no normal form",
  async (value) => {
    const key = "net.ipv4.ip_local_reserved_ports";
    expect(await printed(key, value)).toBeUndefined();
    expect(normalizeSysctl(key, value)).toBe(value);
  },
);

/** Returns the keys of the network with the values that the kernel prints. */
async function allValues(): Promise<[string, string][]> {
  const said = (await host.try("sysctl", "-a", "--pattern", "^net\\.")).stdout;
  return said.split("\n").flatMap((line): [string, string][] => {
    const [, key, value] = /^(net\.\S+) = (.+)$/.exec(line) ?? [];
    return key === undefined || value === undefined ? [] : [[key, value.trim().replaceAll(/[ \t]+/g, " ")]];
  });
}

test("the value that the kernel prints for any key is normal and valid", async () => {
  const values = await allValues();
  expect(values.length).toBeGreaterThan(200);
  expect(values.map(([key, value]) => [key, normalizeSysctl(key, value)])).toEqual(values);
  expect(values.filter(([key, value]) => faultOfSysctlValue(key, value) !== undefined)).toEqual([]);
});

test("the kernel rejects each word that is refused at preview, for every key", async () => {
  const words = ["yes", "off", "1x", "0x", "+1"];
  const refused = (await allValues()).flatMap(([key]) =>
    words.filter((word) => faultOfSysctlValue(key, word) !== undefined).map((word) => [fileOf(key), word]),
  );
  expect(refused.length).toBeGreaterThan(1000);
  const script = `while read -r file word; do if (echo "$word" > "$file") 2> /dev/null; then echo "$file $word"; fi; done`;
  const lines = refused.map((pair) => pair.join(" ")).join("\n");
  expect(await host.run("sh", "-c", `${script} <<'END'\n${lines}\nEND`)).toBe("");
});

test("the kernel rejects a word as the value of a switch if and only if it is refused at preview", async () => {
  const key = "net.ipv4.conf.lo.forwarding";
  const word = fc.oneof(
    fc.integer({ min: -99, max: 99 }).map(String),
    fc.stringMatching(/^[-+]?[0-9a-fxX]{1,4}$/),
    fc.stringMatching(/^[!-~]{1,6}$/),
  );
  await fc.assert(
    fc.asyncProperty(word, async (value) => {
      expect((await printed(key, value)) === undefined).toBe(faultOfSysctlValue(key, value) !== undefined);
    }),
    { numRuns: 60 },
  );
});

test("a word after the integer of a switch, which the kernel ignores, is refused at preview", async () => {
  expect(await printed("net.ipv4.conf.lo.forwarding", "1 x")).toBe("1");
  expect(faultOfSysctlValue("net.ipv4.conf.lo.forwarding", "1 x")).toBe("its value is an integer");
});
