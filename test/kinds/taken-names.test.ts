import { expect, test } from "vitest";
import { Bridge, Namespace, Router, Sysctl, Veth } from "../../sdk/index.ts";
import { edit, engineOf, failure, host, ip, labHostForEachTest } from "../support/edited.ts";

/* Names of others on the lab host. A preview reports them, before an up deletes the former object of a resource. */

labHostForEachTest();

const names = async (): Promise<string[]> => [
  ...(await ip("netns", "list")).map(({ name }) => String(name)),
  ...(await ip("link", "show")).map(({ ifname }) => String(ifname)),
];

const router = (name: string) => () => {
  const red = new Namespace("red", { name });
  new Sysctl("forwarding", { namespace: red, key: "net.ipv4.ip_forward", value: "1" });
  new Veth("wire", { a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] }, b: { name: `to-${name}` } });
};
const bridge = (name: string) => () => {
  const lan = new Bridge("lan", { name });
  new Veth("wire", { a: { name: "left" }, b: { name: "right", master: lan } });
};
const veth = (name: string) => () => new Veth("wire", { a: { name: "left" }, b: { name } });

test.each<[string, (name: string) => () => unknown, string]>([
  ["a namespace", router, "Namespace"],
  ["a bridge", bridge, "Bridge"],
  ["an end of a veth pair", veth, "Veth"],
])("%s that is renamed to a name of others is an error at preview, and remains", async (_, lab, kind) => {
  await edit(lab("mine"));
  const object = kind === "Namespace" ? ["netns"] : ["link"];
  await host.run("ip", ...object, "add", "theirs", ...(kind === "Namespace" ? [] : ["type", "bridge"]));
  const before = await names();

  const planned = await engineOf().preview(lab("theirs"));
  expect(planned.failure?.message).toMatch(new RegExp(`${kind} .*already exists and is not managed by pulumi-netns`));
  expect(await failure(lab("theirs"))).toBe(String(planned.failure));
  expect(await names()).toEqual(before);
  await edit(lab("mine"));
  expect(await names()).toEqual(before);

  await host.run("ip", ...object, "delete", "theirs");
  await edit(lab("theirs"));
});

test("a name of another stack is an error at preview, and both remain", async () => {
  await edit(router("mine"));
  await edit(router("theirs"), "other");
  const before = await names();
  expect(await failure(router("theirs"))).toMatch(
    /Namespace theirs already exists and belongs to the stack edits\/other/,
  );
  expect(await names()).toEqual(before);
});

test("a new resource with a name of others is an error before any other is created", async () => {
  await host.run("ip", "netns", "add", "theirs");
  const lab = (adopt: boolean) => () => {
    new Namespace("theirs", { adopt });
    new Router("edge");
  };
  expect(await failure(lab(false))).toMatch(/Namespace theirs already exists and is not managed/);
  expect((await ip("netns", "list")).map(({ name }) => name)).toEqual(["theirs"]);
  await edit(lab(true));
});
