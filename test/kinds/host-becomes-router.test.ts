import { expect, test } from "vitest";
import { Host, Lan, Router } from "../../sdk/index.ts";
import { edit, host, labHostForEachTest } from "../support/edited.ts";
import { pingOnce } from "../support/ping.ts";

labHostForEachTest();

type Node = typeof Host | typeof Router;

/** A LAN to which a node is connected. */
const lab =
  (Kind: Node, name = "gw") =>
  () => {
    const gw = new Kind(name);
    new Lan("lan", {
      networks: ["10.1.0.0/24"],
      hosts: ["red"],
      members: [{ node: gw, addresses: ["10.1.0.2"] }],
      gateways: [],
    });
  };

const inode = () => host.run("stat", "--format=%i", "/run/netns/gw");
const ping = () => pingOnce(host, "red", "10.1.0.2", "-W2");

test("a host that becomes a router keeps its namespace, in the plan and in the kernel, and so does the way back", async () => {
  await edit(lab(Host));
  const before = await inode();
  const forwarding = (step: string) => ["gw-forwarding", "gw-forwarding-v6"].map((name) => `${step} Sysctl ${name}`);
  // The mark of the namespace has the kind of its component.
  expect(await edit(lab(Router))).toEqual([...forwarding("create"), "update Namespace gw"]);
  expect(await inode()).toBe(before);
  await ping();
  expect(await edit(lab(Host))).toEqual([...forwarding("delete"), "update Namespace gw"]);
  expect(await inode()).toBe(before);
  await ping();
});

test("a host and a router of one name are two objects, also if one is added beside the other", async () => {
  const router = () => {
    new Router("gw", { name: "router" });
  };
  await edit(() => {
    new Host("gw");
  });
  const before = await inode();
  expect(
    await edit(() => {
      router();
      new Host("gw");
    }),
  ).toEqual(["create Namespace gw", "create Sysctl gw-forwarding", "create Sysctl gw-forwarding-v6"]);
  expect(await inode()).toBe(before);
  expect(await edit(router)).toEqual(["delete Namespace gw"]);
});
