import { expect, test } from "vitest";
import { Namespace, Route, Veth } from "../../sdk/index.ts";
import { edit, ip, labHostForEachTest } from "../support/edited.ts";

/* Routes depend on what leads to their gateways, and the kernel deletes them with it. */

labHostForEachTest();

test("an address of one family that a link loses leaves the routes of the other family as they are", async () => {
  const lab =
    (...addresses: string[]) =>
    () => {
      const r = new Namespace("r");
      const w = new Veth("w", { a: { name: "up0", namespace: r, addresses }, b: { name: "down0" } });
      new Route("four", { interface: w.a, destination: "10.2.0.0/16", via: "10.0.0.2" });
      new Route("mixed", { interface: w.a, destination: "10.3.0.0/16", via: "fd00::2" });
      new Route("six", { interface: w.a, destination: "fd02::/64", via: "fd00::2" });
      new Route("default-six", { interface: w.a, destination: "default", via: "fd00::2" });
    };
  const own = ["10.0.0.1/24", "fd00::1/64"];
  await edit(lab("10.9.0.1/24", ...own, "fd09::1/64"));
  expect(await edit(lab("10.9.0.1/24", ...own))).toEqual(["update Veth w"]);
  expect(await edit(lab(...own))).toEqual(["replace Route four", "replace Route mixed", "update Veth w"]);
  const routes = await Promise.all(
    ["-4", "-6"].map((family) => ip("-n", "r", family, "route", "show", "proto", "201")),
  );
  expect(routes.map((all) => all.map(({ dst }) => dst).sort())).toEqual([
    ["10.2.0.0/16", "10.3.0.0/16"],
    ["default", "fd02::/64"],
  ]);
  expect(await edit(lab(...own))).toEqual([]);
});

test("a route whose gateway is a neighbour only by a default route over an interface is created after that route", async () => {
  await edit(() => {
    const r = new Namespace("r");
    const w = new Veth("w", { a: { name: "up0", namespace: r, addresses: ["10.0.0.1/24"] }, b: { name: "down0" } });
    new Route("all", { interface: w.a, destination: "default" });
    for (const number of [1, 2, 3])
      new Route(`far${number}`, { interface: w.a, destination: `10.${number}.0.0/16`, via: "172.16.0.1" });
    new Route("near", { interface: w.a, destination: "10.9.0.0/16", via: "10.0.0.2" });
  });
  expect(await ip("-n", "r", "route", "show", "via", "172.16.0.1")).toHaveLength(3);
});
