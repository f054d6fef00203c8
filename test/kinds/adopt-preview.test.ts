import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Bridge, Namespace, Route, Veth } from "../../sdk/index.ts";
import { engineOf, host, labHostForEachTest, said, succeeds } from "../support/edited.ts";
import { runAll } from "../support/run-all.ts";

/* A preview shows a create for an object that is adopted, and says what the adoption changes. */

labHostForEachTest();

const MAC = "02:00:00:00:00:01";

test("a preview names the objects that are adopted, with the properties that change, and changes nothing", async () => {
  await runAll(host, [
    "ip netns add red",
    `ip -n red link add br0 address ${MAC} up type bridge`,
    `ip link add br1 address ${MAC} mtu 1400 up type bridge`,
    "ip link add eth0 netns red type veth peer name v1",
  ]);
  const program = () => {
    const red = new Namespace("red", { adopt: true });
    new Bridge("br0", { namespace: red, mac: MAC, adopt: true });
    new Bridge("br1", { mac: pulumi.secret("02:00:00:00:00:02"), mtu: 1500, adopt: true });
    const a = { name: "eth0", namespace: red, mac: MAC, mtu: 1300, addresses: ["10.0.0.1/24"] };
    const { a: end } = new Veth("wire", { a, b: { name: "v1", up: false }, adopt: true });
    new Route("far", { interface: end, destination: "10.1.0.0/16", via: "10.0.0.2", adopt: true });
  };
  succeeds(await engineOf().preview(program));
  expect(said.toSorted()).toEqual([
    "the existing Bridge br1 is adopted, with changes: mac, mtu 1400 → 1500",
    "the existing Bridge red/br0 is adopted without changes",
    "the existing Namespace red is adopted, with changes: loopback false → unset",
    expect.stringMatching(
      /^the existing Veth red\/eth0:v1 is adopted, with changes: a\.mac "\S+" → "02:00:00:00:00:01", a\.up false → true, a\.addresses, a\.mtu 1500 → 1300, b\.mac "\S+" → "\S+"$/,
    ),
  ]);
  expect(await host.run("ip", "-brief", "link", "show", "dev", "br1")).toContain(MAC);
  succeeds(await engineOf().up(program));
  said.length = 0;
  expect(succeeds(await engineOf().up(program))).toEqual([]);
  expect(said).toEqual([]);
});
