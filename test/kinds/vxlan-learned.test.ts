import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce, pings } from "../support/ping.ts";
import { end, show } from "../support/vxlan-ends.ts";

labForEachTest("red", "blue");

const bridge = (words: string) => lab.run("bridge", "-n", "red", ...words.split(" "));
const entries = async () =>
  (await bridge("fdb show dev vx0"))
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());

//   red ─ vx0 192.168.42.1 ┄┄ tunnel ┄┄ 192.168.42.2 vx0 ─ blue
//          └ eth0 10.0.0.1 ══════════════ 10.0.0.2 eth0 ┘
test.each([
  ["remote", "IPv4", (last: number) => `10.0.0.${last}`, "24"],
  ["flood", "IPv4", (last: number) => `10.0.0.${last}`, "24"],
  ["remote", "IPv6", (last: number) => `fd00::${last}`, "64"],
])("two ends with %s that exchange their addresses of %s carry packets at once", async (by, _family, address, bits) => {
  const wire = lab.resource("Veth", "wire");
  const [left, right] = [lab.resource("Vxlan", "left"), lab.resource("Vxlan", "right")];
  const kept = lab.resource("FdbEntry", "kept");
  const cable = (red: number, blue: number) => ({
    a: { name: "eth0", namespace: "red", addresses: [`${address(red)}/${bits}`] },
    b: { name: "eth0", namespace: "blue", addresses: [`${address(blue)}/${bits}`] },
  });
  const tunnel = (namespace: string, station: number, own: number, other: number) =>
    end({
      ...{ namespace, local: address(own), addresses: [`192.168.42.${station}/24`] },
      ...(by === "remote" ? { remote: address(other) } : { flood: [address(other)] }),
    });
  await wire.up(cable(1, 2));
  await left.up(tunnel("red", 1, 1, 2));
  await right.up(tunnel("blue", 2, 2, 1));
  await kept.up({ namespace: "red", interface: "vx0", lladdr: "02:00:00:00:00:09", dst: address(9) });
  const [{ ifindex }, { address: mac }] = [await show(), await show("vx0", "blue")];
  await pingOnce(lab, "red", "192.168.42.2", "-W3");
  expect(await entries()).toContain(`${mac} dst ${address(2)} self`);

  await wire.up(cable(2, 1));
  // While the tunnel leads to its own place, it learns its own station there.
  expect(await pings(lab, "red", "192.168.42.2")).toBe(false);
  expect(await left.up(tunnel("red", 1, 2, 1))).toBe("update");
  expect(await right.up(tunnel("blue", 2, 1, 2))).toBe("update");
  await pingOnce(lab, "red", "192.168.42.2", "-W2");
  expect((await show()).ifindex).toBe(ifindex);
  expect((await entries()).toSorted()).toEqual(
    [
      `00:00:00:00:00:00 dst ${address(1)} self permanent`,
      `02:00:00:00:00:09 dst ${address(9)} self permanent`,
      `${mac} dst ${address(1)} self`,
    ].toSorted(),
  );
  for (const one of [left, right, kept, wire]) expect(await one.refresh()).toEqual([]);
  for (const one of [kept, left, right, wire]) await one.destroy();
  await expectNothingLeft();
});

test("an end that floods no longer to another one forgets the stations behind that one alone", async () => {
  const left = lab.resource("Vxlan", "left");
  expect(await left.up(end({ flood: ["10.0.0.2", "10.0.0.3"] }))).toBe("create");
  await bridge("fdb add 02:00:00:00:00:02 dev vx0 dst 10.0.0.2 self dynamic");
  await bridge("fdb add 02:00:00:00:00:03 dev vx0 dst 10.0.0.3 self dynamic");
  await bridge("fdb add 02:00:00:00:00:04 dev vx0 dst 10.0.0.2 self dynamic extern_learn");
  await bridge("fdb add 02:00:00:00:00:05 dev vx0 dst 10.0.0.2 self static");
  expect(await left.up(end({ flood: ["10.0.0.2", "10.0.0.3"], ageing: 60 }))).toBe("update");
  expect(await entries()).toContain("02:00:00:00:00:02 dst 10.0.0.2 self");
  expect(await left.up(end({ flood: ["10.0.0.3"], ageing: 60 }))).toBe("update");
  expect((await entries()).toSorted()).toEqual([
    "00:00:00:00:00:00 dst 10.0.0.3 self permanent",
    "02:00:00:00:00:03 dst 10.0.0.3 self",
    // Those of a routing daemon and of the administrator remain.
    "02:00:00:00:00:04 dst 10.0.0.2 self extern_learn",
    "02:00:00:00:00:05 dst 10.0.0.2 self static",
  ]);
  expect(await left.refresh()).toEqual([]);
  // With another address of its own, it forgets all that it has learned itself.
  const moved = { local: "10.0.0.1", flood: ["10.0.0.3"], ageing: 60 };
  expect(await left.up(end(moved))).toBe("replace");
  await bridge("fdb add 02:00:00:00:00:03 dev vx0 dst 10.0.0.3 self dynamic");
  await bridge("fdb add 02:00:00:00:00:04 dev vx0 dst 10.0.0.3 self dynamic extern_learn");
  expect(await left.up(end({ ...moved, local: "10.0.0.7" }))).toBe("update");
  expect((await entries()).toSorted()).toEqual([
    "00:00:00:00:00:00 dst 10.0.0.3 self permanent",
    "02:00:00:00:00:04 dst 10.0.0.3 self extern_learn",
  ]);
});
