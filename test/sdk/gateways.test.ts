import * as pulumi from "@pulumi/pulumi";
import { expect, test, vi } from "vitest";
import { Host, Lan, Router, Veth } from "../../sdk/index.ts";
import { preview } from "../support/across-hosts.ts";
import { succeeds } from "../support/edited.ts";

// The firewall forwards from the management LAN, where the other host has its way out elsewhere.
const lab = () => {
  const [fw, web] = [new Router("fw"), new Host("web")];
  new Lan("dmz", { networks: ["10.0.0.0/24"], router: fw, members: [web] });
  const mgmt = new Lan("mgmt", { networks: ["172.20.0.0/26"], gateways: [], members: [fw, web], hosts: ["admin"] });
  new Veth("bare", {
    a: { name: "eth0", namespace: new Host("bare").namespace, addresses: ["172.20.0.60/26"] },
    b: { name: "mgmt-bare", master: mgmt.bridge },
  });
};

test("a preview warns of a link without gateways, but not of a LAN whose gateways are the empty list", async () => {
  using warned = vi.spyOn(pulumi.log, "warn").mockResolvedValue();
  succeeds(await preview(lab));
  expect(warned.mock.calls.map(([text]) => text)).toEqual([
    expect.stringMatching(/^no-default-route: the namespace bare has 172\.20\.0\.60 /),
  ]);
});
