import fc from "fast-check";
import { expect, test } from "vitest";
import { HIDDEN, isSecret, unwrapped, withoutSecrets } from "../../inspect/secrets.ts";

const secret = (value: unknown) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  plaintext: JSON.stringify(value),
});

test.each([
  ["a value", { value: secret("1") }, { value: "1" }, ["value"]],
  ["a list", { a: { addresses: secret(["10.0.0.1/24"]) } }, { a: { addresses: ["10.0.0.1/24"] } }, ["a.addresses"]],
  ["a member of a list", { command: ["sleep", secret(3)] }, { command: ["sleep", 3] }, ["command.1"]],
  ["the whole value", secret({ x: 1 }), { x: 1 }, [""]],
])("%s is revealed or hidden, and its path is known", (_, wrapped, value, paths) => {
  const revealed = unwrapped(wrapped, true);
  expect(revealed.value).toEqual(value);
  expect([...revealed.secrets.keys()]).toEqual(paths);
  const hidden = unwrapped(wrapped, false);
  expect([...hidden.secrets]).toEqual(paths.map((path) => [path, HIDDEN]));
});

test("a secret without a plaintext in the state is hidden", () => {
  const { plaintext: _, ...sealed } = secret("1");
  expect(unwrapped({ value: { ...sealed, ciphertext: "v1:x" } }, true).value).toEqual({ value: HIDDEN });
});

test("hiding removes secrets at any depth, and does not change other values", () => {
  // The value is parsed from JSON, as in a state, so that it contains no negative zero.
  const plain = fc.jsonValue({ maxDepth: 3 }).map((value) => JSON.parse(JSON.stringify(value)) as unknown);
  fc.assert(
    fc.property(plain, plain, (open, closed) => {
      const marked = `§${JSON.stringify(closed)}`;
      const { value } = unwrapped({ open, deep: [{ it: secret(marked) }] }, false);
      expect(value).toEqual({ open, deep: [{ it: HIDDEN }] });
    }),
  );
});

test.each([
  ["a.addresses", true],
  ["a", true],
  ["a.addresses.0", true],
  ["a.mtu", false],
  ["a.address", false],
  ["b", false],
])("whether %s is, contains or is in a secret: %s", (property, is) => {
  expect(isSecret(new Map([["a.addresses", ["10.0.0.1/24"]]]), property)).toBe(is);
});

test("secrets are removed from an id", () => {
  const secrets = new Map<string, unknown>([
    ["destination", "10.66.0.0/16"],
    ["more", { deep: ["eth0", 7, ""] }],
  ]);
  expect(withoutSecrets(secrets, "red/eth0/10.66.0.0/16/7")).toBe(`red/${HIDDEN}/${HIDDEN}/7`);
});
