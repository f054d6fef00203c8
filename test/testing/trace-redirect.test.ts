import { expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { openGround } from "./ground.ts";

test("a host still follows an ICMP redirect of its router, to a host that does not forward", async () => {
  await using ground = await openGround();
  const run = (...commands: readonly string[]) => runAll(ground.box, commands);
  const follow = () => traced(ground.host, { from: "red", to: "192.168.1.3", wait: 0.5 });
  await ground.route();
  await run("ip -n lan route add 10.0.0.0/24 via 192.168.1.2", "sysctl -qw net.ipv4.conf.all.send_redirects=1");
  expect((await follow()).outcome).toEqual({ kind: "answered" });

  await run("ip route add 192.168.1.3 via 10.0.0.2");
  await sendPing(ground.host, { from: "red", to: "192.168.1.3", wait: 0.5 });
  const follows = "red follows an ICMP redirect to 10.0.0.2, although its route leads to 10.0.0.5";
  const misled = {
    ...{ kind: "died", way: "there", place: "blue", cause: "forwarding-off" },
    reason: `${follows}: blue drops the packet: it is not its destination, and forwarding is off`,
  };
  const hint = "forget it: ip netns exec red ip route flush cache";
  expect((await follow()).outcome).toEqual({
    ...misled,
    hint: `correct the route of the lab host to 192.168.1.3, which leads to 10.0.0.2; then ${hint}`,
  });

  await run("ip route delete 192.168.1.3 via 10.0.0.2");
  const { there, outcome } = await follow();
  expect(there[0]?.notes).toEqual([follows.replace("red ", "")]);
  expect(outcome).toEqual({ ...misled, hint });
  await run(hint.replace("forget it: ", ""));
  expect((await follow()).outcome).toEqual({ kind: "answered" });
});
