import { expect, test } from "vitest";
import { findHost } from "../../cli/namespaces.ts";
import type { ResourceView, StackView } from "../../inspect/stack.ts";

const namespace = (name: string, outputs: Record<string, unknown>): ResourceView => ({
  ...{ urn: `urn:pulumi:dev::sites::Namespace::${name}`, type: "Namespace", name, id: name, parent: undefined },
  ...{ inputs: outputs, outputs },
});

/** A stack with a namespace on this machine, and one on each of two lab hosts, with the same kernel name on both. */
const view: StackView = {
  project: "sites",
  stack: "dev",
  resources: [
    namespace("here", { name: "here-in-kernel" }),
    namespace("red-lab1", { name: "red", host: "lab1" }),
    namespace("red-lab2", { name: "red", host: "lab2" }),
  ],
};

test.each([
  ["here", { host: undefined, namespace: "here-in-kernel" }],
  ["here-in-kernel", { host: undefined, namespace: "here-in-kernel" }],
  ["lab2/red-lab2", { host: "lab2", namespace: "red" }],
  ["lab2/red", { host: "lab2", namespace: "red" }],
  ["red-lab2", { host: "lab2", namespace: "red" }],
  ["lab1", { host: "lab1", namespace: undefined }],
  ["host", { host: undefined, namespace: undefined }],
])("%s is found", (given, place) => {
  expect(findHost(view, given)).toMatchObject(place);
});

test("the error about a name that two lab hosts have lists the names to use", () => {
  expect(() => findHost(view, "red")).toThrow(
    "red is the name of several namespaces in this stack\n  help: use one of lab1/red-lab1, lab2/red-lab2",
  );
});

test("the error about a name that does not exist lists the namespaces and the lab hosts", () => {
  expect(() => findHost(view, "lab3/red")).toThrow(/lab1\/red-lab1, lab2\/red-lab2, host, lab1, lab2$/);
});
