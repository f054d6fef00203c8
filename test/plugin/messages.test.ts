import fc from "fast-check";
import structs from "google-protobuf/google/protobuf/struct_pb.js";
import { expect, test } from "vitest";
import { receive, send } from "../../plugin/messages.ts";
import { UNKNOWN } from "../../provider/schema.ts";

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const secret = (value: unknown) => ({ [SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270", value });
const message = (value: object) =>
  structs.Struct.fromJavaScript(value as unknown as Record<string, structs.JavaScriptValue>);

test("secrets are read as plain values with their paths, and written as secrets again", () => {
  const sent = { env: { TOKEN: secret("s3cret"), MODE: "fast" }, list: ["a", secret(5)], all: secret({ in: [true] }) };
  const received = receive(message(sent));
  expect(received).toEqual({
    values: { env: { TOKEN: "s3cret", MODE: "fast" }, list: ["a", 5], all: { in: [true] } },
    secret: ["all", "env.TOKEN", "list.1"],
  });
  expect(send(received.values, received.secret).toJavaScript()).toEqual(sent);
});

test("a secret in a secret is read with the path of the outer one", () => {
  expect(receive(message({ a: secret({ b: secret("x") }) }))).toEqual({ values: { a: { b: "x" } }, secret: ["a"] });
});

test("a secret path that the value no longer has is not written", () => {
  expect(send({ a: { b: 1 } }, ["a.c", "d"]).toJavaScript()).toEqual({ a: { b: 1 } });
});

test.each([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
])("%s is an unknown value, also in a list and in a secret", (unknown) => {
  expect(receive(message({ a: unknown, b: [unknown], c: secret(unknown) }))).toEqual({
    values: { a: UNKNOWN, b: [UNKNOWN], c: UNKNOWN },
    secret: ["c"],
  });
});

test("a missing message has no values", () => {
  expect(receive(undefined)).toEqual({ values: {}, secret: [] });
});

test("undefined values are left out, at any depth", () => {
  expect(send({ a: undefined, b: { c: undefined, d: 1 } }).toJavaScript()).toEqual({ b: { d: 1 } });
});

const json = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.string(),
    fc.boolean(),
    fc.integer(),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), tie("value"), { maxKeys: 3 }),
  ),
})).value;

test("values are equal after a transfer, with any parts as secrets", () => {
  const values = fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), json, { maxKeys: 4 });
  fc.assert(
    fc.property(values, fc.func(fc.boolean()), (values, isSecret) => {
      const paths = Object.keys(values).filter((key) => isSecret(key));
      const received = receive(send(values, paths));
      expect(received.values).toEqual(values);
      expect(received.secret.toSorted()).toEqual(paths.toSorted());
    }),
  );
});
