import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { kindOf } from "../../provider/kind-of.ts";
import { secretNames, secretPaths, withSecrets } from "../../sdk/secrets.ts";

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
])("the paths of secrets are found: %s", async (_, args, paths) => expect(await secretPaths(args)).toEqual(paths));

test("a rejected argument is reported by the engine, and not here", async () => {
  const args = { name: Promise.reject(new Error("broken")), other: secret };
  expect(await secretPaths(args)).toBeUndefined();
});

const { entries } = kindOf("WireGuard").schema;
const peer = { publicKey: "open", presharedKey: "geheim" };

test.each<[string, pulumi.Inputs, string[] | undefined]>([
  ["a key", { privateKey: "geheim", name: "wg0" }, ["privateKey"]],
  ["a key in an output", { privateKey: open }, ["privateKey"]],
  ["a key of a peer", { peers: [{ publicKey: "open" }, peer] }, ["peers.1.presharedKey"]],
  ["a key of a peer that is an output", { peers: [pulumi.output(peer)] }, ["peers.0"]],
  ["keys of peers that are an output", { peers: pulumi.output([peer]) }, ["peers"]],
  ["peers without keys", { peers: pulumi.output([{ publicKey: "open" }]) }, undefined],
  ["no key", { privateKey: undefined, peers: "wrong" }, undefined],
])("a value that is always secret is marked: %s", async (_, args, paths) =>
  expect(await secretPaths(withSecrets(entries, args))).toEqual(paths),
);

test("secretNames lists the secret arguments of a kind", () => {
  expect(secretNames(entries)).toEqual(["privateKey"]);
  expect(secretNames(kindOf("Veth").schema.entries)).toEqual([]);
});
