// @kernel vlan-filtering
import { expect, test } from "vitest";
import { findLab } from "../../inspect/import/find.ts";
import { labHost } from "../../inspect/lab-host.ts";
import { lab, labForEachTest } from "../support/lab-for-each.ts";

labForEachTest();

test("an import finds the VLANs of a bridge and of its ports that are not those of a new one", async () => {
  const typed = [
    "ip link add br0 type bridge vlan_filtering 1 vlan_default_pvid 5",
    "ip link add one type veth peer name two",
    "ip link set dev one master br0",
    "ip link set dev two master br0",
    "bridge vlan add vid 10-12 dev one",
    "bridge vlan add vid 10 dev br0 self",
  ];
  for (const line of typed) await lab.run(...(line.split(" ") as [string]));
  const { found } = await findLab(labHost(lab.enter));
  expect(found.map(({ inputs }) => inputs)).toEqual([
    expect.objectContaining({ vlanFiltering: true, vlanDefaultPvid: 5, vlans: ["5 pvid untagged", "10"] }),
    {
      a: expect.objectContaining({ name: "one", port: { vlans: ["5 pvid untagged", "10-12"] } }) as object,
      b: expect.not.objectContaining({ port: expect.anything() as unknown }) as object,
    },
  ]);
});
