import { expect, test } from "vitest";
import { sendPing } from "../../inspect/ping.ts";
import { trace } from "../../inspect/trace/trace.ts";
import { ground, groundForEachTest } from "./ground.ts";

groundForEachTest();

/** Returns the outcome of a trace, and checks that a real ping gets no answer. */
async function dies(destination: string) {
  const { outcome } = await trace(ground.host, "red", destination);
  expect((await sendPing(ground.host, { from: "red", to: destination })).received).toBe(0);
  return outcome;
}

test("a trace names the policy of a chain of NAT rules as the cause of a loss, and only perhaps where a rule before it cannot be evaluated", async () => {
  await ground.route();
  await ground.masquerade();
  await ground.nft("add chain inet t late { type nat hook postrouting priority 200; policy drop; }");
  expect((await trace(ground.host, "red", "8.8.8.8")).outcome).toEqual({ kind: "answered" });
  await ground.nft("flush chain inet t out");
  expect(await dies("8.8.8.8")).toEqual({
    kind: "died",
    way: "there",
    place: undefined,
    cause: "firewall",
    reason: "the firewall of the lab host drops the packet: policy drop of chain late in table inet t",
    hint: "check nft list ruleset",
  });
  await ground.nft("add rule inet t late meta cpu 9999 masquerade");
  const { there, outcome } = await trace(ground.host, "red", "8.8.8.8");
  expect(there[1]?.notes).toContain("may be dropped by policy drop of chain late in table inet t");
  expect(outcome).not.toEqual({ kind: "answered" });
  await ground.nft("flush chain inet t late; add rule inet t late accept");
  await ground.masquerade();
  await ground.nft("add chain inet t in { type nat hook prerouting priority dstnat; policy drop; }");
  expect(await dies("8.8.8.8")).toMatchObject({
    place: undefined,
    reason: "the firewall of the lab host drops the packet: policy drop of chain in in table inet t",
  });
});
