import type { Drawn } from "../../picture/drawn.ts";

/** Returns a resource of a state, with the properties that matter for a picture. */
export const drawn = (type: string, name: string, inputs: Drawn["inputs"], more: Partial<Drawn> = {}): Drawn => ({
  urn: `urn:pulumi:dev::lab::pulumi-nodejs:dynamic/netns:${type}::${name}`,
  type,
  name,
  id: name,
  parent: undefined,
  inputs,
  outputs: {},
  ...more,
});

/** Namespaces on one bridge of the lab host. */
export const star = (count: number): Drawn[] => [
  drawn("Bridge", "lan", { name: "lan", addresses: ["10.0.0.1/16"] }),
  ...Array.from({ length: count }, (_, index) => `h${index}`).flatMap((name, index) => [
    drawn("Namespace", name, { name }),
    drawn("Veth", `${name}-wire`, {
      a: { name: "eth0", namespace: name, addresses: [`10.0.1.${index}/16`], gateways: ["10.0.0.1"] },
      b: { name: `${name}-br`, master: "lan" },
    }),
  ]),
];

/** Routers in a row, each with a cable to the next. */
export const chain = (count: number): Drawn[] =>
  Array.from({ length: count }, (_, index) => index).flatMap((index) => [
    drawn("Namespace", `r${index}`, { name: `r${index}` }),
    drawn("Sysctl", `r${index}-forwards`, { namespace: `r${index}`, key: "net.ipv4.ip_forward", value: "1" }),
    ...(index === 0 ? [] : [drawn("Veth", `wire${index}`, { a: end(index - 1, "right"), b: end(index, "left") })]),
  ]);

const end = (index: number, name: string) => ({ name, namespace: `r${index}`, addresses: [`10.0.${index}.1/30`] });

/** A fabric: two spines, leaves that are connected to each of them, and two hosts at each leaf. */
export const fabric = (leaves: number): Drawn[] => [
  ...["spine1", "spine2"].map((name) => drawn("Namespace", name, { name })),
  ...Array.from({ length: leaves }, (_, index) => index + 1).flatMap((leaf) => [
    drawn("Namespace", `leaf${leaf}`, { name: `leaf${leaf}` }),
    ...[1, 2].map((spine) =>
      drawn("Veth", `spine${spine}-leaf${leaf}`, {
        a: { name: `leaf${leaf}`, namespace: `spine${spine}`, addresses: [`10.${spine}.${leaf}.0/31`] },
        b: { name: `spine${spine}`, namespace: `leaf${leaf}`, addresses: [`10.${spine}.${leaf}.1/31`] },
      }),
    ),
    ...[2 * leaf - 1, 2 * leaf].flatMap((host) => [
      drawn("Namespace", `h${host}`, { name: `h${host}` }),
      drawn("Veth", `leaf${leaf}-h${host}`, {
        a: { name: `h${host}`, namespace: `leaf${leaf}` },
        b: { name: "eth0", namespace: `h${host}`, addresses: [`10.10.${host}.2/24`], gateways: [`10.10.${host}.1`] },
      }),
    ]),
  ]),
];
