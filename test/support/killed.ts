import { expect } from "vitest";
import type { Stack } from "../../tools/stack.ts";
import type { Killer, Victims } from "./killer.ts";

/** What differs between the labs that are killed on their way from one to another. */
export interface Lab {
  readonly link: string;
  readonly mtu: number;
  readonly address: string;
  readonly stp: boolean;
}

export const FIRST: Lab = { link: "eth0", mtu: 1500, address: "10.0.0.2/24", stp: false };

/** The program that makes a lab. */
export const programOf = ({ link, mtu, address, stp }: Lab): string => `
  const red = new Namespace("red");
  const lan = new Bridge("lan", { stp: ${stp} });
  const wire = new Veth("wire", { a: { name: "${link}", namespace: red }, b: { name: "port", master: lan, mtu: ${mtu} } });
  new Address("ip", { interface: wire.a, address: "${address}" });
  new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
`;

/** Runs a command of a stack that is killed after so many changes; whether it came to that. */
export async function killed(
  killer: Killer,
  stack: Stack,
  verb: "up" | "destroy",
  commands: number,
  victims: Victims,
): Promise<boolean> {
  expect(commands).toBeLessThan(30);
  await killer.arm(commands, victims);
  const { code } = await stack.try(verb, "--yes", "--skip-preview");
  const fired = await killer.fired();
  await killer.arm(Number.MAX_SAFE_INTEGER, victims);
  expect(code !== 0).toBe(fired);
  if (fired && victims.includes("engine")) await stack.cancel();
  return fired;
}
