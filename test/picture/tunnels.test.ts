import { expect, test } from "vitest";
import { mermaid } from "../../picture/mermaid.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn } from "./samples.ts";
import { sound } from "./sound.ts";

const wire = drawn("Veth", "wire", {
  a: { name: "eth0", namespace: "a", addresses: ["10.0.0.1/24"] },
  b: { name: "eth0", namespace: "b", addresses: ["10.0.0.2/24"] },
});
const vxlan = (name: string, namespace: string, more: object = {}) =>
  drawn("Vxlan", name, { name, namespace, vni: 7, ...more });
const site = (name: string, listenPort: number, endpoint?: string) =>
  drawn("WireGuard", name, {
    ...{ name, namespace: name, underlay: name === "wga" ? "a" : "b", listenPort },
    peers: [{ publicKey: "x", ...(endpoint !== undefined && { endpoint }) }],
  });
const tunnels = (resources: Parameters<typeof topologyOf>[0]) =>
  topologyOf(resources)
    .wires.filter(({ isTunnel }) => isTunnel)
    .map(({ name }) => name);

test.each([
  ["one end sends to the other", [vxlan("v1", "a", { remote: "10.0.0.2" }), vxlan("v2", "b")], ["tunnel v1 to v2"]],
  ["a flood list", [vxlan("v1", "a"), vxlan("v2", "b", { flood: ["10.0.0.1"] })], ["tunnel v1 to v2"]],
  [
    "a group",
    [vxlan("v1", "a", { group: "239.1.1.1" }), vxlan("v2", "b", { group: "239.1.1.1" })],
    ["tunnel v1 to v2"],
  ],
  ["another VNI", [vxlan("v1", "a", { remote: "10.0.0.2" }), vxlan("v2", "b", { vni: 8 })], []],
  ["another address", [vxlan("v1", "a", { remote: "10.0.0.9" }), vxlan("v2", "b")], []],
  ["an endpoint and a port of an underlay", [site("wga", 1, "10.0.0.2:2"), site("wgb", 2)], ["tunnel wga to wgb"]],
  ["an endpoint with another port", [site("wga", 1, "10.0.0.2:3"), site("wgb", 2)], []],
])("the ends of a tunnel are joined: %s", async (_what, resources, names) => {
  expect(tunnels([wire, ...resources])).toEqual(names);
  await sound([wire, ...resources]);
});

test("a tunnel shows its underlay, if that is another place", async () => {
  const geneve = (name: string, more: object) => drawn("Geneve", name, { name, namespace: "a", vni: 7, ...more });
  const picture = await svg(topologyOf([geneve("g1", { underlay: "/" }), geneve("g2", { underlay: "core" })]), "lab");
  expect(picture).toContain(">underlay lab host</text>");
  expect(picture).toContain(">underlay core</text>");
  expect(await svg(topologyOf([geneve("g1", {})]), "lab")).not.toContain("underlay");
});

test("a tunnel is dashed, and a port shows its VLANs", async () => {
  const trunk = drawn("Veth", "trunk", {
    a: { name: "t1", master: "lan", port: { vlans: ["10", "20-29"] } },
    b: { name: "t2", namespace: "a" },
  });
  const lab = topologyOf([
    ...[wire, trunk, drawn("Bridge", "lan", { name: "lan" })],
    ...[vxlan("v1", "a", { remote: "10.0.0.2" }), vxlan("v2", "b")],
  ]);
  const picture = await svg(lab, "lab");
  expect(picture).toMatch(/<title>tunnel v1 to v2<\/title>\s*<path class="cable tunnel/);
  expect(picture).toContain(">vlans 10, 20-29</text>");
  expect(mermaid(lab)).toMatch(/link\d -\.-\|"tunnel v1 v2"\| link\d/);
  expect(mermaid(lab)).toContain("t1 vlans 10, 20-29");
});

test("a place shows the routes to the networks of WireGuard peers", () => {
  const peers = [{ publicKey: "x", allowedIps: ["10.2.0.0/16"] }];
  const routes = (more: object) =>
    topologyOf([drawn("WireGuard", "wg0", { name: "wg0", namespace: "a", peers, ...more })]).places.flatMap(
      ({ lines }) => lines.map(({ text }) => text),
    );
  expect(routes({ routes: true })).toEqual(["10.2.0.0/16 dev wg0"]);
  expect(routes({ routes: false })).toEqual([]);
});
