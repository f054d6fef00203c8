import { expect, test } from "vitest";
import { Namespace, Sysctl, Veth } from "../../sdk/index.ts";
import { edit, engineOf, labHostForEachTest, said, succeeds, sysctl } from "../support/edited.ts";

labHostForEachTest();

const KEY = "net.ipv4.conf.default.rp_filter";

const lab = (value: number, own?: number) => () => {
  const red = new Namespace("red");
  new Sysctl("filter", { namespace: red, key: KEY, value });
  const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: "eth1", namespace: red } });
  if (own !== undefined)
    new Sysctl("own", { interface: wire.a, key: "net.ipv4.conf.{interface}.rp_filter", value: own });
};

test("a changed default warns of the interfaces that keep the former value, except those that a resource sets", async () => {
  await edit(lab(1));
  expect(said).toEqual([]);
  await edit(lab(2));
  expect(await sysctl("net.ipv4.conf.eth0.rp_filter", "red")).toBe("1");
  expect(said).toEqual([
    `${KEY} in red is 2 now, but the kernel uses it only for new interfaces: eth0, eth1 keep another value\n` +
      "  help: set the key of each interface, such as net.ipv4.conf.eth0.rp_filter, or create the interfaces again",
  ]);
  await edit(lab(2, 0));
  said.length = 0;
  await edit(lab(0, 0));
  expect(said).toEqual([expect.stringContaining("only for new interfaces: eth1 keeps another value\n")]);
  said.length = 0;
  succeeds(await engineOf().destroy());
  expect(said).toEqual([]);
});
