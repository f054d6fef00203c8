// @kernel vlan-filtering
import { afterEach, beforeEach, expect, test } from "vitest";
import { LabHost, Lan } from "../../sdk/index.ts";
import { SOON } from "../../tools/sandbox.ts";
import { succeeds } from "../support/edited.ts";
import type { Engine } from "../support/engine.ts";
import { openFarEngine } from "../support/far-hosts.ts";
import { type NearHosts, openNearHosts } from "../support/near-hosts.ts";
import { pingOnce } from "../support/ping.ts";

let near: NearHosts;
let engine: Engine;
let before: string[];

beforeEach(async () => {
  near = await openNearHosts("lab1", "lab2");
  before = await near.traces();
  // The hosts need no other network than the LAN.
  const config = { "pulumi-netns:checks": JSON.stringify({ "no-forwarding": "off" }) };
  engine = openFarEngine({ project: "vlans", stack: "dev", config, remoteKernel: (name) => near.host(name).kernel() });
});

afterEach(async () => {
  succeeds(await engine.destroy());
  await expect.poll(near.traces, SOON).toEqual(before);
  await near[Symbol.asyncDispose]();
});

/** A LAN with a gateway on the first lab host, and a host on each. */
const office = (vlan: number | undefined) => () => {
  const spans = ["lab1", "lab2"].map((name) => new LabHost(name, { address: near.host(name).address }));
  new Lan("office", {
    ...{ networks: ["192.168.15.0/24"], spans, ...(vlan !== undefined && { vlan }) },
    hosts: spans.map((host, index) => ({ name: `on-${host.name}`, host, addresses: [`192.168.15.1${index}`] })),
  });
};

const ping = (host: string, from: string, to: string) => pingOnce(near.host(host), from, to, "-W5");

/** Returns the VLANs of the bridge and of its ports on a lab host. */
async function vlansOn(name: string): Promise<Record<string, unknown>> {
  const shown = JSON.parse(await near.host(name).run("bridge", "-json", "vlan", "show")) as {
    readonly ifname: string;
    readonly vlans: readonly { readonly vlan: number; readonly flags?: readonly string[] }[];
  }[];
  return Object.fromEntries(
    shown.map(({ ifname, vlans }) => [ifname, vlans.map(({ vlan, flags = [] }) => [vlan, ...flags].join(" "))]),
  );
}

test("a LAN in a VLAN spans two lab hosts, and its VLAN is changed and removed", async () => {
  const planned = succeeds(await engine.preview(office(10)));
  expect(succeeds(await engine.up(office(10)))).toEqual(planned);
  const inVlan = ["10 PVID Egress Untagged"];
  expect(await vlansOn("lab1")).toEqual({ office: inVlan, "office-vxlan": inVlan, "office-on-lab1": inVlan });
  expect(await vlansOn("lab2")).toEqual({ "office-vxlan": inVlan, "office-on-lab2": inVlan });
  await ping("lab1", "on-lab1", "192.168.15.11");
  await ping("lab2", "on-lab2", "192.168.15.1");
  expect(succeeds(await engine.up(office(10)))).toEqual([]);

  await near.host("lab2").run("bridge", "vlan", "delete", "dev", "office-vxlan", "vid", "10");
  await expect(ping("lab1", "on-lab1", "192.168.15.11")).rejects.toThrow("100% packet loss");
  expect(succeeds(await engine.refresh())).toEqual(["update Vxlan office-lab2"]);
  expect(succeeds(await engine.up(office(10)))).toEqual(["update Vxlan office-lab2"]);
  await ping("lab1", "on-lab1", "192.168.15.11");

  expect(succeeds(await engine.up(office(20)))).toEqual([
    "update Bridge office",
    "update Veth office-on-lab1",
    "update Veth office-on-lab2",
    "update Vxlan office-lab1",
    "update Vxlan office-lab2",
  ]);
  expect((await vlansOn("lab1"))["office"]).toEqual(["20 PVID Egress Untagged"]);
  await ping("lab2", "on-lab2", "192.168.15.1");

  expect(succeeds(await engine.up(office(undefined)))).toHaveLength(6);
  expect((await near.host("lab2").ip("-details", "link", "show", "dev", "office"))[0]).toMatchObject({
    linkinfo: { info_data: { vlan_filtering: 0 } },
  });
  await ping("lab2", "on-lab2", "192.168.15.10");
  expect(succeeds(await engine.refresh())).toEqual([]);
});
