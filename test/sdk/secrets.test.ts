import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { secretPaths } from "../../sdk/secrets.ts";

const secret = pulumi.secret("geheim");
const open = pulumi.output("offen");

test.each<[string, pulumi.Inputs, string[] | undefined]>([
  ["nothing", {}, undefined],
  ["plain values", { name: "x", mtu: 1500, up: true, mac: undefined, list: ["a"], none: null }, undefined],
  ["outputs that are not secret", { name: open, list: [open], group: { name: open } }, undefined],
  ["a secret", { name: secret, mtu: 1500 }, ["name"]],
  ["a secret in a list", { list: ["a", secret, open] }, ["list.1"]],
  ["a secret in a group", { a: { addresses: [secret], name: "x" }, b: { name: secret } }, ["a.addresses.0", "b.name"]],
  ["a secret in a promise", { env: Promise.resolve({ TOKEN: secret }) }, ["env.TOKEN"]],
  ["a list that is secret as a whole", { list: pulumi.secret(["a", "b"]) }, ["list"]],
  ["a text with a secret in it", { text: pulumi.interpolate`${secret}/24` }, ["text"]],
])("%s", async (_, args, paths) => expect(await secretPaths(args)).toEqual(paths));

test("an argument that fails is told of by the engine, and not here", async () => {
  const args = { name: Promise.reject(new Error("broken")), other: secret };
  expect(await secretPaths(args)).toBeUndefined();
});
