import { expect, test } from "vitest";
import type { Declared } from "../../checks/check.ts";
import { runChecks } from "../../checks/index.ts";

/** A title, a lab, and the checks that report something in it. */
export type Case = [what: string, lab: (Declared | Declared[])[], found: string[]];

export const each = (cases: readonly Case[]): void =>
  test.each(cases)("%s", (_, lab, found) => expect(runChecks(lab.flat()).map(({ check }) => check)).toEqual(found));

let count = 0;
export const one = (type: string, args: object): Declared => ({ type, name: `n${(count += 1)}`, args });
export const namespace = (name: string) => one("Namespace", { name });
export const veth = (a: object, b: object) => one("Veth", { a, b });
export const bridge = (name: string, more: object = {}) => one("Bridge", { name, ...more });
export const route = (from: string | undefined, destination: string, via?: string | null) =>
  one("Route", { namespace: from, destination, via });
export const forwarding = (where?: string) =>
  one("Sysctl", { namespace: where, key: "net.ipv4.ip_forward", value: "1" });
export const nat = (where: string | undefined, source: string) =>
  one("NatRule", { namespace: where, type: "masquerade", source });

/** A namespace with its cable to a bridge of the lab host. */
export const on = (master: string, name: string, addresses: string[], more: object = {}) => [
  namespace(name),
  veth({ name: "eth0", namespace: name, addresses, ...more }, { name: `to-${name}`, master }),
];
/** A cable between two places. */
export const cable = (a: string | undefined, one: string[], b: string, other: string[]) =>
  veth(
    { name: `to-${b}`, namespace: a, addresses: one },
    { name: `to-${a ?? "host"}`, namespace: b, addresses: other },
  );

export const lan = bridge("lan", { addresses: ["10.0.0.1/24"] });
