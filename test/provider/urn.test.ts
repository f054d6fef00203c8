import { expect, test } from "vitest";
import { kindOfToken, parseUrn, pluginTokenOf, tokenOf } from "../../provider/urn.ts";

test.each([
  ["urn:pulumi:dev::lab::pulumi-nodejs:dynamic/netns:Veth::wire", "Veth", "wire"],
  ["urn:pulumi:dev::lab::netns:Lan$pulumi-nodejs:dynamic/netns:Bridge::lan", "Bridge", "lan"],
  ["urn:pulumi:dev::lab::pulumi-nodejs:dynamic/netns:Route::to::10.0.0.0/8", "Route", "to::10.0.0.0/8"],
  ["urn:pulumi:dev::lab::netns:index:Veth::wire", "Veth", "wire"],
  ["urn:pulumi:dev::lab::netns:lab:Lan$netns:index:Bridge::lan", "Bridge", "lan"],
  ["urn:pulumi:dev::lab::netns:lab:Lan::lan", undefined, "lan"],
  ["urn:pulumi:dev::lab::random:index/randomPet:RandomPet::pet", undefined, "pet"],
])("%s is of kind %s and has the name %s", (urn, kind, name) => {
  const parsed = parseUrn(urn);
  expect(parsed).toMatchObject({ stack: "dev", project: "lab", name });
  expect(kindOfToken(parsed.type)).toBe(kind);
  if (kind !== undefined) expect([tokenOf(kind), pluginTokenOf(kind)]).toContain(parsed.type);
});
