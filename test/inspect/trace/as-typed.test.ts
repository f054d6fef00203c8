import { expect, test } from "vitest";
import { NOTHING_DECLARED } from "../../../inspect/declared.ts";
import { languageIn, languageOf } from "../../../inspect/language.ts";
import { resource } from "../../../inspect/trace/as-typed.ts";
import { example } from "../../../tools/stack.ts";

test("a resource in the help is a line in the language of the program", () => {
  const lineIn = (language: "typescript" | "yaml" | "python") =>
    resource({ declared: { ...NOTHING_DECLARED, language } }, "NatRule", {
      ...{ namespace: "red", type: "masquerade", outInterface: "eth0", source: undefined },
    });
  expect(lineIn("typescript")).toBe('new NatRule("…", { namespace: "red", type: "masquerade", outInterface: "eth0" })');
  expect(lineIn("yaml")).toBe(
    '…: { type: "netns:NatRule", properties: { namespace: "red", type: "masquerade", outInterface: "eth0" } }',
  );
  expect(lineIn("python")).toBe('netns.NatRule("…", namespace="red", type="masquerade", out_interface="eth0")');
});

test("the runtime in Pulumi.yaml, which may be a group, tells the language", () => {
  expect(["seed", "seed-yaml", "seed-python"].map((name) => languageOf(example(name)))).toEqual([
    ...["typescript", "yaml", "python"],
  ]);
  const group = (name: string) => `name: lab\nruntime:\n  options:\n    virtualenv: venv\n  name: ${name}\n`;
  expect([group("python"), group("'yaml'"), "runtime: nodejs\n", "runtime: {name: yaml}\n"].map(languageIn)).toEqual([
    ...["python", "yaml", "typescript", "yaml"],
  ]);
  expect(languageOf("/")).toBe("typescript");
});
