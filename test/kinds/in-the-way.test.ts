import { expect, test } from "vitest";
import { Namespace, Route, Veth } from "../../sdk/index.ts";
import { edit, engineOf, failure, host, ip, labHostForEachTest, mend } from "../support/edited.ts";
import { pingOnce } from "../support/ping.ts";

/* Objects with a name of the program that are foreign, belong to another stack, or have no owner. */

labHostForEachTest();

test("a default route that was replaced by hand on a link of the stack is restored", async () => {
  const lab = () => {
    const [a, b] = [new Namespace("a"), new Namespace("b")];
    new Veth("w", {
      a: { name: "eth0", namespace: a, addresses: ["10.0.0.1/24"], gateways: ["10.0.0.2"] },
      b: { name: "eth0", namespace: b, addresses: ["10.0.0.2/24"] },
    });
  };
  await edit(lab);
  await host.run("ip", "-n", "a", "route", "replace", "default", "via", "10.0.0.99");
  await mend(lab);
  expect(await ip("-n", "a", "route", "show", "default")).toMatchObject([{ gateway: "10.0.0.2", protocol: "201" }]);
});

test("a route of another stack is refused, and remains", async () => {
  const lab = (type: "blackhole" | "unreachable") => () => new Route("bogon", { destination: "192.0.2.0/24", type });
  await edit(lab("blackhole"));
  expect(await failure(lab("unreachable"), "other")).toMatch(/already exists and belongs to the stack edits\/dev/);
  await engineOf("other").destroy();
  expect(await host.run("ip", "route", "show", "type", "blackhole")).toContain("192.0.2.0/24");
  await edit(lab("blackhole"));
});

test("a namespace whose name is a number is not confused with the process of that id", async () => {
  const [pid = ""] = (await host.run("sh", "-c", "unshare -n sleep 60 >/dev/null 2>&1 & echo $!")).split("\n");
  const namespaceOf = (process: string) => host.run("readlink", `/proc/${process}/ns/net`);
  await expect.poll(() => namespaceOf(pid)).not.toBe(await namespaceOf("self"));
  const theirs = () => host.run("nsenter", "-t", pid, "-n", "ip", "-json", "link", "show");
  const before = await theirs();
  expect(await failure(() => new Veth("w", { a: { name: "lab0", namespace: pid }, b: { name: "up0" } }))).toMatch(
    /the namespace does not exist/,
  );
  await edit(
    () => new Veth("w", { a: { name: "lab0", namespace: new Namespace("ns", { name: pid }) }, b: { name: "up0" } }),
  );
  expect(await ip("-n", pid, "link", "show", "dev", "lab0")).toHaveLength(1);
  expect(await theirs()).toBe(before);
  await host.run("kill", pid);
});

test("a file without a namespace behind it, at the path of a namespace, is replaced", async () => {
  const lab = () => {
    const red = new Namespace("red");
    new Veth("w", {
      a: { name: "eth0", namespace: red, addresses: ["10.0.0.1/24"] },
      b: { name: "up0", addresses: ["10.0.0.2/24"] },
    });
  };
  await host.run("touch", "/run/netns/red");
  await edit(lab);
  await host.run("umount", "--lazy", "/run/netns/red");
  await expect.poll(() => ip("link", "show").then(({ length }) => length)).toBe(1);
  await mend(lab);
  await pingOnce(host, "red", "10.0.0.2");
});
