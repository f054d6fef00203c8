// @kernel ipvlan
import { expect, test } from "vitest";
import { expectNothingLeft, lab, labForEachTest } from "../support/lab-for-each.ts";
import { pingOnce } from "../support/ping.ts";

labForEachTest("red", "blue");

const show = async () => (await lab.ip("-n", "red", "-details", "link", "show", "dev", "iv0"))[0];
const child = (args: object = {}) => ({ name: "iv0", namespace: "red", link: "uplink", mode: "l2", ...args });

//   red ─ iv0 192.168.1.80 ─┐
//                         uplink ══ eth0 192.168.1.1 ─ blue
test("an ipvlan reaches the network behind its parent, is updated in place, repaired after drift, and deleted", async () => {
  const wire = lab.resource("Veth", "wire");
  await wire.up({ a: { name: "uplink" }, b: { name: "eth0", namespace: "blue", addresses: ["192.168.1.1/24"] } });
  const web = lab.resource("Ipvlan", "web");
  const args = child({ addresses: ["192.168.1.80/24"] });
  expect(await web.up(args)).toBe("create");
  const created = await show();
  expect(created).toMatchObject({
    group: "default",
    ifalias: expect.stringMatching(/^pulumi-netns:test\/dev:web@/),
    linkinfo: { info_kind: "ipvlan", info_data: { mode: "l2", bridge: true } },
  });
  await pingOnce(lab, "red", "192.168.1.1", "-W2");
  expect(await web.up(args)).toBe("same");
  expect(await web.refresh()).toEqual([]);

  const changed = { ...args, mode: "l3s", flag: "private", altname: "web-uplink", up: false };
  expect(await web.up(changed)).toBe("update");
  expect(await show()).toMatchObject({
    ifindex: created.ifindex,
    altnames: ["web-uplink"],
    linkinfo: { info_data: { mode: "l3s", private: true } },
  });
  expect(await web.refresh()).toEqual([]);
  await lab.run("ip", "-n", "red", ..."link set dev iv0 type ipvlan mode l2 vepa".split(" "));
  expect(await web.refresh()).toEqual(["mode", "flag"]);
  expect(await web.up(changed)).toBe("update");
  expect(await web.refresh()).toEqual([]);
  await web.destroy();
  await web.destroy();
  await wire.destroy();
  await expectNothingLeft();
});

test("two ipvlans with different modes or the same address on one parent are refused, and so is a MAC address", async () => {
  await lab.resource("Veth", "wire").up({ a: { name: "uplink" }, b: { name: "eth0", namespace: "blue" } });
  await lab.resource("Ipvlan", "one").up(child());
  await expect(lab.resource("Ipvlan", "other").up(child({ name: "iv1", mode: "l3" }))).rejects.toThrow(
    "Ipvlan one and Ipvlan other declare the same ipvlan mode of uplink",
  );
  const address = { addresses: ["10.0.0.1/24"] };
  await lab.resource("Ipvlan", "one").up(child(address));
  await expect(
    lab
      .nextRun()
      .resource("Ipvlan", "other", "prod")
      .up(child({ name: "iv1", ...address })),
  ).rejects.toThrow(/already assigned to an ipvlan device\.\n {2}help: another ipvlan on the same parent/);
  await expect(lab.resource("Ipvlan", "third").up(child({ name: "iv2", mac: "02:00:00:00:00:01" }))).rejects.toThrow(
    "mac: unknown argument",
  );
});
