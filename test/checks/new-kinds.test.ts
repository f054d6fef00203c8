import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, lan, namespace, on, one, route, veth } from "./pieces.ts";

vi.mock("../../lab/kinds.ts", async (original) => {
  const { KINDS } = await original<typeof import("../../lab/kinds.ts")>();
  const { MADE_UP } = await import("../lab/made-up.ts");
  return { KINDS: { ...KINDS, ...MADE_UP } };
});

const slice = (name: string, at: string, addresses: string[], more: object = {}) =>
  one("Slice", { name, namespace: at, link: "eth0", linkNamespace: "a", addresses, ...more });
const isolated = (name: string, addresses: string[], isIsolated: boolean | null = true) => [
  namespace(name),
  veth(
    { name: "eth0", namespace: name, addresses },
    { name: `to-${name}`, master: "lan", port: { isolated: isIsolated } },
  ),
];
const tagged = (vid: number, at: string, addresses: string[]) =>
  one("Tagged", { name: `eth0.${vid}`, namespace: at, link: "eth0", linkNamespace: at, vid, addresses });

const cases: Case[] = [
  [
    "a gateway on a link",
    [namespace("red"), slice("s0", "red", ["10.0.0.2/24"]), route("red", "default", "10.0.0.1")],
    [],
  ],
  [
    "a gateway of a link that is not on-link",
    [
      namespace("red"),
      one("Alone", { name: "x", namespace: "red", addresses: ["10.0.0.2/24"], gateways: ["10.9.0.1"] }),
    ],
    ["gateway-off-link"],
  ],
  [
    "a gateway beside an unknown address of a link",
    [
      namespace("red"),
      one("Alone", { name: "x", namespace: "red", addresses: [null] }),
      route("red", "default", "10.9.0.1"),
    ],
    [],
  ],
  [
    "a gateway beside a kind that the checks do not read",
    [namespace("red"), one("Nothing", { name: "x", namespace: "red" }), route("red", "default", "10.9.0.1")],
    [],
  ],

  [
    "a duplicate on a link and on the LAN of its parent",
    [lan, on("lan", "a", []), slice("s", "b", ["10.0.0.1/24"])],
    ["duplicate-address"],
  ],
  [
    "a duplicate on a port and on an isolated one",
    [lan, on("lan", "a", ["10.0.0.2/24"]), isolated("b", ["10.0.0.2/24"])],
    ["duplicate-address"],
  ],
  [
    "a duplicate on two ports that are isolated from each other",
    [lan, isolated("a", ["10.0.0.2/24"]), isolated("b", ["10.0.0.2/24"])],
    [],
  ],
  [
    "a duplicate on a port that may be isolated",
    [lan, isolated("a", ["10.0.0.2/24"]), isolated("b", ["10.0.0.2/24"], null)],
    [],
  ],
  [
    "two links of one parent",
    [slice("s", "b", ["10.0.0.1/24"]), slice("t", "c", ["10.0.0.1/24"])],
    ["duplicate-address"],
  ],
  [
    "two links whose parents have the same name in two places",
    [slice("s", "b", ["10.0.0.1/24"]), slice("t", "c", ["10.0.0.1/24"], { linkNamespace: "d" })],
    [],
  ],
  [
    "one VLAN of one LAN",
    [lan, on("lan", "a", []), on("lan", "b", []), tagged(7, "a", ["10.1.0.1/24"]), tagged(7, "b", ["10.1.0.1/24"])],
    ["duplicate-address"],
  ],
  [
    "two VLANs of one LAN",
    [lan, on("lan", "a", []), on("lan", "b", []), tagged(7, "a", ["10.1.0.1/24"]), tagged(8, "b", ["10.1.0.1/24"])],
    [],
  ],
  [
    "a VLAN, which is separate from its parent",
    [
      cable("a", ["10.0.0.1/24"], "b", []),
      one("Tagged", {
        name: "v",
        namespace: "b",
        link: "to-a",
        linkNamespace: "b",
        vid: 7,
        addresses: ["10.0.0.1/24"],
      }),
    ],
    [],
  ],
  [
    "one VLAN in one VLAN of one LAN",
    [
      ...["a", "b"].map((at) =>
        one("Tagged", {
          name: "q",
          namespace: at,
          link: "eth0.7",
          linkNamespace: at,
          vid: 2,
          addresses: ["10.1.0.1/24"],
        }),
      ),
      ...[lan, on("lan", "a", []), on("lan", "b", []), tagged(7, "a", []), tagged(7, "b", [])].flat(),
    ],
    ["duplicate-address"],
  ],
  [
    "overlapping networks on tunnels, which may lead to each other",
    [
      one("Tunnel", { name: "t", addresses: ["10.0.0.1/24"] }),
      one("Tunnel", { name: "u", addresses: ["10.0.0.2/24"] }),
    ],
    [],
  ],
  [
    "overlapping networks on links without a parent",
    [one("Alone", { name: "t", addresses: ["10.0.0.1/24"] }), one("Alone", { name: "u", addresses: ["10.0.0.2/24"] })],
    ["overlapping-subnets"],
  ],
  [
    "a duplicate on members of one bundle",
    [
      one("Bundle", { name: "b" }),
      one("Alone", { name: "t", master: "b", addresses: ["10.0.0.1/24"] }),
      one("Alone", { name: "u", master: "b", addresses: ["10.0.0.1/24"] }),
    ],
    ["duplicate-address"],
  ],
  [
    "overlapping networks of two members of masters that separate them",
    [
      ...["d", "e"].map((name) => one("Divider", { name })),
      one("Alone", { name: "t", master: "d", addresses: ["10.0.0.1/24"] }),
      one("Alone", { name: "u", master: "e", addresses: ["10.0.0.1/24"] }),
      one("Alone", { name: "v", addresses: ["10.0.0.1/24"] }),
    ],
    [],
  ],
  [
    "overlapping networks of two members of one master that separates its members",
    [
      one("Divider", { name: "d" }),
      one("Alone", { name: "t", master: "d", addresses: ["10.0.0.1/24"] }),
      one("Alone", { name: "u", master: "d", addresses: ["10.0.0.2/24"] }),
    ],
    ["overlapping-subnets"],
  ],
  [
    "members of a master that separates them",
    [
      one("Divider", { name: "d" }),
      one("Alone", { name: "t", master: "d", addresses: ["10.0.0.1/24"] }),
      one("Alone", { name: "u", master: "d", addresses: ["10.1.0.1/24"] }),
    ],
    [],
  ],
];
each(cases);

test("the gateway of a link with its own network is never off-link", () => {
  const kind = fc.constantFrom("Alone", "Slice", "Tagged", "Tunnel", "Bundle", "Divider");
  const place = fc.constantFrom<(string | undefined)[]>("red", "blue", undefined);
  fc.assert(
    fc.property(fc.array(fc.tuple(kind, place, place), { minLength: 1, maxLength: 6 }), (links) => {
      const declared = links.flatMap(([type, at, parentAt], index) => [
        one(type, {
          name: `x${index}`,
          ...(at !== undefined && { namespace: at }),
          ...{ link: "eth0", dev: "eth0", vid: index + 1 },
          ...(parentAt !== undefined && { linkNamespace: parentAt }),
          addresses: [`10.${index}.0.2/24`],
        }),
        route(at as string, `10.${index}.7.0/24`, `10.${index}.0.1`),
      ]);
      expect(runChecks([namespace("red"), namespace("blue"), ...declared])).toEqual([]);
    }),
  );
});
