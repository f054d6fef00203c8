import fc from "fast-check";
import { expect, test } from "vitest";
import type { Drawn } from "../../picture/drawn.ts";
import { svg } from "../../picture/svg.ts";
import { topologyOf } from "../../picture/topology-of.ts";
import { chain, drawn, fabric, star } from "./samples.ts";
import { overlappingTexts, textsOf } from "./texts.ts";

const NAMESPACES = ["a", "a-namespace-with-a-long-name", "b"];
const HOSTS = ["lab1", "a-lab-host-with-a-long-name"];
const ADDRESSES = ["10.0.0.1/24", "192.168.100.200/24", "fd00:1234:5678:9abc::1/64"];
const KINDS = ["Veth", "Veth", "Veth", "Bridge", "Bond", "Vlan", "Vxlan", "WireGuard", "Dummy"];
const MARKS = [undefined, "added", "removed", "changed", "missing"] as const;

const place = fc.constantFrom(undefined, ...NAMESPACES);
const host = fc.constantFrom(...HOSTS);
const mark = fc.constantFrom(...MARKS);

const link = fc.record({
  kind: fc.constantFrom(...KINDS),
  ...{ at: place, to: place, host, mark },
  addresses: fc.array(fc.constantFrom(...ADDRESSES), { maxLength: 3 }),
  ...{ on: fc.nat(6), master: fc.option(fc.nat(6), { nil: undefined }) },
  ...{ isLong: fc.boolean(), isSlow: fc.boolean() },
});
const route = fc.record({ at: place, host, mark });

test("texts do not overlap in the picture of any lab, and of any change of it", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(link, { maxLength: 9 }),
      fc.array(route, { maxLength: 6 }),
      fc.record({ onHosts: fc.boolean(), isChange: fc.boolean() }),
      async (links, routes, { onHosts, isChange }) => {
        const nameOf = (index: number) => `${links[index]?.isLong === true ? "interface-" : "x"}${index}`;
        const where = (at: string | undefined) => (at === undefined ? {} : { namespace: at });
        const whose = (one: { host: string; mark: Drawn["mark"] }): [object, Partial<Drawn>] => [
          onHosts ? { host: one.host } : {},
          isChange ? { mark: one.mark } : {},
        ];
        const lab = [
          ...links.map((one, index) => {
            const [at, marked] = whose(one);
            const own = {
              ...{ name: nameOf(index), addresses: one.addresses, link: nameOf(one.on), vid: 7, vni: 7 },
              ...where(one.at),
              ...(one.master !== undefined && { master: nameOf(one.master) }),
              ...(one.isSlow && { netem: { delay: "20ms", loss: "0.5%" } }),
            };
            const far = { name: `y${index}`, addresses: one.addresses.toReversed(), ...where(one.to) };
            return drawn(one.kind, `n${index}`, { ...at, ...(one.kind === "Veth" ? { a: own, b: far } : own) }, marked);
          }),
          ...routes.map((one, index) => {
            const [at, marked] = whose(one);
            const args = { ...at, destination: `10.${index}.0.0/16`, via: "10.0.0.254", ...where(one.at) };
            return drawn("Route", `r${index}`, args, marked);
          }),
        ];
        const before = isChange ? topologyOf(lab.filter((one) => one.mark !== "added")) : undefined;
        expect(overlappingTexts(await svg(topologyOf(lab), "lab / dev", before))).toEqual([]);
      },
    ),
    { numRuns: 100 },
  );
});

test.each([
  ["a star", star(12)],
  ["a row of routers", chain(9)],
  ["a fabric", fabric(4)],
])("texts do not overlap in the picture of %s", async (_what, lab) => {
  expect(overlappingTexts(await svg(topologyOf(lab), "lab / dev"))).toEqual([]);
});

test("texts that overlap are found, with their groups and anchors", () => {
  const picture = `<g transform="translate(0 28)"><g class="x"><text x="10" y="20" class="title">ab</text></g>
<text x="50" y="20" text-anchor="end">cdef</text></g><text x="24" y="46" class="small">&#60;</text>`;
  expect(textsOf(picture).map(({ content, x, y }) => [content, x, Math.round(y)])).toEqual([
    ["ab", 10, 38],
    ["cdef", 21, 39],
    ["<", 24, 39],
  ]);
  expect(overlappingTexts(picture)).toEqual(["ab and cdef", "ab and <", "cdef and <"]);
});
