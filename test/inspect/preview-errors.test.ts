import { expect, test } from "vitest";
import { previewErrors } from "../../inspect/preview-errors.ts";

const urn = (type: string, name: string) => `urn:pulumi:dev::lab::${type}::${name}`;
const preview = (...diagnostics: object[]) => JSON.stringify({ steps: [{ op: "create" }], diagnostics });
const error = (message: string, urn?: string) => ({ urn, message: `error: ${message}\n`, severity: "error" });

test.each([
  ["an error of a component", [error("networks: no", urn("netns:lab:Lan", "bad"))], "error: Lan bad: networks: no"],
  [
    "an error with help",
    [error("a and b\n  help: rename", urn("netns:lab:Host$netns:index:Bridge", "b"))],
    "error: Bridge b: a and b\n  help: rename",
  ],
  ["an error of the program", [error("it failed:\nError: boom")], "error: it failed:\nError: boom"],
  [
    "an error of a check, which the engine repeats",
    [
      error("Bridge my lan: property mtu: 20"),
      error(
        "pulumi-nodejs:dynamic/netns:Bridge resource 'my lan' has a problem: property mtu: 20",
        urn("pulumi-nodejs:dynamic/netns:Bridge", "my lan"),
      ),
    ],
    "error: Bridge my lan: property mtu: 20",
  ],
  [
    "several errors and a warning",
    [error("one"), { message: "warning: none", severity: "warning" }, error("two")],
    "error: one\nerror: two",
  ],
])("%s is shown with its resource", (_, diagnostics, text) => {
  expect(previewErrors(preview(...diagnostics))).toBe(text);
});

test.each([
  ["a preview without errors", preview({ message: "warning: none", severity: "warning" })],
  ["another JSON", '{"error":"no stack"}'],
  ["a text", "error: no stack"],
])("%s has no errors of a preview", (_, output) => {
  expect(previewErrors(output)).toBeUndefined();
});
