// @kernel vrf
import { expect, test } from "vitest";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";

labForEachTest("red", "gw", "blue");

//   red 10.0.99.2 ══ mgmt0 10.0.99.3 (VRF mgmt) gw lan 10.0.10.1 ══ 10.0.10.2 blue
test("a trace advises no gateway in a VRF whose table has no route to the destination", async () => {
  await runAll(lab, [
    "ip -n red link add eth0 type veth peer name mgmt0 netns gw",
    "ip -n blue link add eth0 type veth peer name lan netns gw",
    "ip -n gw link add mgmt up type vrf table 10",
    "ip -n gw link set mgmt0 up master mgmt",
    "ip -n gw link set lan up",
    "ip -n red link set eth0 up",
    "ip -n blue link set eth0 up",
    "ip -n red address add 10.0.99.2/24 dev eth0",
    "ip -n gw address add 10.0.99.3/24 dev mgmt0",
    "ip -n gw address add 10.0.10.1/24 dev lan",
    "ip -n blue address add 10.0.10.2/24 dev eth0",
    "ip netns exec gw sysctl -qw net.ipv4.ip_forward=1",
  ]);
  const follow = async () =>
    (await traced(labHost(lab.enter), { from: "red", to: "10.0.10.2", count: 2, wait: 2 })).outcome;
  const advised = (via: string) => ({
    ...{ kind: "died", place: "red", cause: "no-route" },
    hint: `add a route:\n  new Route("…", { namespace: "red", destination: "10.0.10.0/24", via: "${via}" })`,
  });
  expect(await follow()).toMatchObject(advised("GATEWAY"));
  // That route would not help.
  await runAll(lab, ["ip -n red route add 10.0.10.0/24 via 10.0.99.3", "ip -n blue route add default via 10.0.10.1"]);
  expect((await follow()).kind).toBe("died");
  await runAll(lab, ["ip -n red route delete 10.0.10.0/24"]);
  await runAll(lab, ["ip -n gw route add 10.0.10.0/24 dev lan vrf mgmt"]);
  expect(await follow()).toMatchObject(advised("10.0.99.3"));
});
