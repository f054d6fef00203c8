import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { Lan, Link, Router } from "../../sdk/index.ts";
import { preview } from "../support/across-hosts.ts";
import { succeeds } from "../support/edited.ts";

const edge = () => {
  const router = new Router("edge", { nat: true, portForwards: [{ port: 80, to: "10.1.0.10" }] });
  new Lan("office", { networks: ["10.1.0.0/24"], router, hosts: [{ name: "web", addresses: ["10.1.0.10"] }] });
  return router;
};

test.each<[string, (router: Router) => unknown, string[]]>([
  ["no further interface", () => undefined, ["nat, portForwards"]],
  [
    "an interface in a LAN without a gateway",
    (router) => new Lan("other", { networks: ["10.2.0.0/24"], gateways: [], members: [router] }),
    ["nat, portForwards"],
  ],
  [
    "a default route by a LAN that is declared later",
    (router) => new Lan("internet", { networks: ["203.0.113.0/24"], router: new Router("isp"), members: [router] }),
    [],
  ],
  [
    "a default route by a Link",
    (router) => new Link("up", { a: router, b: new Router("isp"), networks: ["203.0.113.0/30"], gateway: "b" }),
    [],
  ],
])("the warning of a router with NAT and port forwards, and %s", async (_, connect, found) => {
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  succeeds(await preview(() => connect(edge())));
  expect(warned.mock.calls.map(([text]) => text)).toEqual(
    found.map((text) => expect.stringMatching(new RegExp(`^${text}: without effect, because the router edge `))),
  );
});

test("the rules of a router with port forwards do not depend on the order in which its LANs are declared", async () => {
  const lans = [
    (router: Router) => new Lan("dmz", { networks: ["10.1.0.0/24"], router }),
    (router: Router) => new Lan("office", { networks: ["10.2.0.0/24"], router }),
    (router: Router) => new Lan("guests", { networks: ["10.3.0.0/24"], router }),
  ];
  const rulesOf = async (order: typeof lans) => {
    const steps = await preview(() => {
      const router = new Router("edge", { portForwards: [{ port: 80, to: "10.2.0.10" }] });
      for (const declare of order) declare(router);
    });
    return succeeds(steps)
      .filter((step) => step.includes("NatRule"))
      .sort();
  };
  const rules = ["dmz", "guests", "office"].map((lan) => `create NatRule edge-hairpin-tcp-80-${lan}`);
  expect(await rulesOf(lans)).toEqual(rules);
  expect(await rulesOf(lans.toReversed())).toEqual(rules);
});
