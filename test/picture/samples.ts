import type { Drawn } from "../../picture/drawn.ts";

/** A resource of a state, as short as a test can say it. */
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
