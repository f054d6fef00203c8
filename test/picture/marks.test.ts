import { expect, test } from "vitest";
import type { Drift } from "../../inspect/drift.ts";
import { mermaid } from "../../picture/mermaid.ts";
import { overlayPreview } from "../../picture/preview-overlay.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { drawn } from "./samples.ts";

const INPUTS = {
  a: { name: "eth0", namespace: "red", addresses: ["10.0.0.1/24", "10.0.1.1/24"], gateways: ["10.0.0.2"], mtu: 1500 },
  b: { name: "eth0", namespace: "blue", addresses: ["10.0.0.2/24"] },
};

const topologyWith = (...drift: Drift[]) =>
  topologyOf([drawn("Veth", "wire", INPUTS, { mark: "drifted", drift, details: [] })]);

/** Returns the marked texts of a topology: interfaces, addresses, settings and routes. */
const marked = (...drift: Drift[]): string[] =>
  topologyWith(...drift).places.flatMap(({ name, lines, links }) => [
    ...lines.flatMap(({ text, mark }) => (mark === undefined ? [] : [`${name} ${text}`])),
    ...links.flatMap((link) => [
      ...(link.mark === undefined ? [] : [`${name} ${link.name}`]),
      ...[...link.addresses, ...link.lines].flatMap(({ text, mark }) =>
        mark === undefined ? [] : [`${name} ${text}`],
      ),
    ]),
  ]);

test.each<[string, Drift, string[]]>([
  ["an MTU", { property: "a.mtu", was: 1500, is: 1400 }, ["red eth0", "red 1500"]],
  [
    "one of two addresses",
    { property: "a.addresses", was: ["10.0.0.1/24", "10.0.1.1/24"], is: ["10.0.0.1/24"] },
    ["red eth0", "red 10.0.1.1/24"],
  ],
  [
    "a default route",
    { property: "a.gateways", was: ["10.0.0.2"], is: undefined },
    ["red default via 10.0.0.2", "red eth0"],
  ],
  ["the state of the other end", { property: "b.up", was: true, is: false }, ["blue eth0"]],
])("a difference in %s marks only this part", (_, drift, parts) => {
  expect(marked(drift)).toEqual(parts);
});

test("a Mermaid chart marks the address that differs beside its cable", () => {
  const drift = { property: "a.addresses", was: ["10.0.0.1/24", "10.0.1.1/24"], is: ["10.0.0.1/24"] };
  expect(mermaid(topologyWith(drift))).toContain('|"eth0 10.0.0.2/24<br/>≠ eth0 10.0.0.1/24 ≠ 10.0.1.1/24"|');
});

test("a preview marks the properties that change", () => {
  const wire = drawn("Veth", "wire", INPUTS);
  const changed = { ...INPUTS, b: { ...INPUTS.b, addresses: ["10.0.0.2/24", "10.0.0.3/24"] } };
  const preview = { steps: [{ op: "update", urn: wire.urn, newState: { inputs: changed } }] };
  const stack = { project: "lab", stack: "dev", resources: [wire] };
  const { places } = topologyOf(overlayPreview(stack, JSON.stringify(preview)));
  const marks = places.flatMap(({ links }) =>
    links.flatMap(({ addresses }) => addresses.map(({ text, mark }) => [text, mark])),
  );
  expect(Object.fromEntries(marks)).toEqual({
    "10.0.0.1/24": undefined,
    "10.0.1.1/24": undefined,
    "10.0.0.2/24": undefined,
    "10.0.0.3/24": "changed",
  });
});

test("a cable that is down is a broken line, and one with another MTU is not", async () => {
  const broken = /class="cable down drifted"/;
  expect(await svg(topologyWith({ property: "b.up", was: true, is: false }), "lab")).toMatch(broken);
  expect(await svg(topologyWith({ property: "b.mtu", was: 1500, is: 1400 }), "lab")).not.toMatch(broken);
  const declared = topologyOf([drawn("Veth", "wire", { ...INPUTS, b: { ...INPUTS.b, up: false } })]);
  expect(await svg(declared, "lab")).toMatch(/class="cable down "/);
  expect(mermaid(declared)).toContain("-.-");
});

test("a process is shown by its name, and its panel has the command", async () => {
  const command = ["/usr/lib/frr/bgpd", "--config_file", "bgpd.conf"];
  const topology = topologyOf([drawn("Process", "leaf1-bgpd", { namespace: "leaf1", command })]);
  expect(topology.places[0]?.lines[0]).toMatchObject({ brief: "leaf1-bgpd", text: command.join(" ") });
  expect(await svg(topology, "lab")).toMatch(/>leaf1-bgpd</);
  expect(await svg(topology, "lab")).not.toContain("/usr/lib/frr");
});
