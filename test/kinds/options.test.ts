import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Address, Bridge, Namespace, NatRule, Route, Veth } from "../../sdk/index.ts";
import { edit, engineOf, failure, host, ip, labHostForEachTest, succeeds } from "../support/edited.ts";
import { pingOnce } from "../support/ping.ts";

/* Options and flags of the engine, with the in-process engine; test/engine/options.test.ts has those that it does not support. */

labHostForEachTest();

test("retainOnDelete keeps the object, and the stack can declare it again", async () => {
  await edit(() => new Bridge("br0", {}, { retainOnDelete: true }));
  expect(succeeds(await engineOf().up(() => undefined))).toEqual(["delete Bridge br0"]);
  expect(await ip("link", "show", "dev", "br0")).toHaveLength(1);
  // It still has the mark of the stack, so it needs no `adopt`.
  expect(await edit(() => new Bridge("br0"))).toEqual(["create Bridge br0"]);
});

test("protect prevents the deletion of the object", async () => {
  await edit(() => new Bridge("br0", {}, { protect: true }));
  expect(await failure(() => undefined)).toMatch(/protected/);
  expect(await ip("link", "show", "dev", "br0")).toHaveLength(1);
  await edit(() => new Bridge("br0"));
});

test("after a reboot, which deletes all objects but not the state, one up with a refresh creates the lab again", async () => {
  const lab = () => {
    const red = new Namespace("red");
    const lan = new Bridge("lan");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "port", master: lan } });
    new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
    new Address("gateway", { interface: lan, address: "10.0.0.1/24" });
    new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
    new NatRule("nat", { type: "masquerade", source: "10.0.0.0/24" });
  };
  const all = await edit(lab);
  await host.run("ip", "netns", "delete", "red");
  await host.run("ip", "link", "delete", "dev", "lan");
  await host.run("nft", "flush", "ruleset");
  expect(succeeds(await engineOf().up(lab, { refresh: true }))).toEqual(expect.arrayContaining(all));
  await pingOnce(host, "red", "10.0.0.1");
  expect(succeeds(await engineOf().refresh())).toEqual([]);
});

test.each<[string[], boolean]>([
  [["a.mtu"], true],
  [["a"], true],
  [["*"], true],
  [["b", "a.addresses"], false],
])(
  "replaceOnChanges with %j decides whether a change of the MTU of end a replaces a pair, and what is on it",
  async (paths, isReplaced) => {
    const lab = (mtu: number) => () => {
      const red = new Namespace("red");
      const ends = { a: { name: "eth0", namespace: red, mtu }, b: { name: "port" } };
      const wire = new Veth("wire", ends, { replaceOnChanges: paths });
      new Address("ip", { interface: wire.a, address: "10.0.0.2/24" });
    };
    await edit(lab(1500));
    expect(await edit(lab(1400))).toEqual(
      isReplaced ? ["replace Address ip", "replace Veth wire"] : ["update Veth wire"],
    );
    const [link] = await ip("-n", "red", "-4", "address", "show", "dev", "eth0");
    expect(link).toMatchObject({ mtu: 1400, addr_info: [{ local: "10.0.0.2" }] });
  },
);

test("an invalid argument that ignoreChanges ignores is no error", async () => {
  const lab = (mtu: number) => () => {
    for (const name of ["one", "two"]) new Bridge(name, { mtu }, { ignoreChanges: ["mtu"] });
  };
  await edit(lab(1400));
  expect(await edit(lab(20))).toEqual([]);
});

test("invalid arguments of a resource that waits for an output of another one are an error, and nothing is deleted", async () => {
  const lab = (mtu: number) => () => {
    const [mac, resolve] = pulumi.deferredOutput<string>();
    new Bridge("one", { mtu, mac });
    const two = new Bridge("two", { mtu });
    resolve(two.name.apply(() => "02:00:00:00:00:01"));
  };
  await edit(lab(1400));
  expect(await failure(lab(20))).toMatch(/mtu: 20 is not an MTU in bytes/);
  for (const name of ["one", "two"]) expect(await ip("link", "show", "dev", name)).toHaveLength(1);
});
