import { expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { runAll } from "../support/run-all.ts";
import { traced } from "../support/traced.ts";
import { openGround } from "./ground.ts";

test("a packet whose TTL is exceeded at a router, by a setting of its sender", async () => {
  await using ground = await openGround();
  const run = (...commands: readonly string[]) => runAll(ground.box, commands);
  const follow = async (to: string) => (await traced(ground.host, { from: "red", to, wait: 0.5 })).outcome;
  const set = (place: string, key: string, value: number) =>
    run(`ip netns exec ${place} sysctl -qw net.${key}=${value}`);
  const exceeded = (place: string, key: string) => ({
    ...{ kind: "died", cause: "ttl", place: undefined },
    reason: expect.stringContaining(
      `the lab host drops the packet: its TTL is exceeded, because net.${key} of ${place} is 1`,
    ),
    hint: `set it to 64: ip netns exec ${place} sysctl -w net.${key}=64`,
  });
  await ground.route();
  await run(
    "sysctl -qw net.ipv6.conf.all.forwarding=1",
    "ip -n lan route add 10.0.0.0/24 via 192.168.1.2",
    "ip netns add far",
    "ip link add to-far type veth peer name eth0 netns far",
    "ip link set dev to-far up",
    "ip -n far link set dev eth0 up",
    "ip -n far address add fd02::3/64 dev eth0 nodad",
    "ip address add fd02::2/64 dev to-far nodad",
    "ip -n far route add fd00::/64 via fd02::2",
    "ip -n red route add default via fd00::5",
  );
  for (const [to, far, key] of [
    ["192.168.1.3", "lan", "ipv4.ip_default_ttl"],
    ["fd02::3", "far", "ipv6.conf.eth0.hop_limit"],
  ] as const) {
    // The link-local addresses of the router are tentative at first.
    const first = async () => (await sendPing(ground.host, { from: "red", to, wait: 0.5 })).received;
    await expect.poll(first, { timeout: 8000 }).toBe(1);
    await set("red", key, 2);
    expect(await follow(to)).toEqual({ kind: "answered" });
    await set("red", key, 1);
    expect(await follow(to)).toMatchObject({ way: "there", ...exceeded("red", key) });
    await set("red", key, 64);
    await set(far, key, 1);
    expect(await follow(to)).toMatchObject({ way: "back", ...exceeded(far, key) });
    await set(far, key, 64);
  }
});
