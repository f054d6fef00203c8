import { expect } from "vitest";
import { type Sandbox, sandbox, traces } from "../../tools/sandbox.ts";
import type { Stack } from "../../tools/stack.ts";
import { type Killer, openKiller, type Victims } from "./killer.ts";
import { openProject, type Project } from "./project.ts";

/** The environment of a test that kills processes. */
export interface Bench extends AsyncDisposable {
  readonly host: Sandbox;
  readonly killer: Killer;
  readonly project: Project;
  /** The traces before the lab exists. */
  readonly before: string;
}

export async function openBench(): Promise<Bench> {
  const host = await sandbox();
  const before = await traces(host);
  const killer = await openKiller();
  const project = await openProject(host, "kill");
  await project.program(programOf(FIRST));
  return {
    host,
    killer,
    project,
    before,
    async [Symbol.asyncDispose]() {
      for (const part of [project, killer, host]) await part[Symbol.asyncDispose]();
    },
  };
}

/** The variable parts of the labs between which a killed run changes. */
export interface Lab {
  readonly link: string;
  readonly mtu: number;
  readonly address: string;
  readonly stp: boolean;
}

export const FIRST: Lab = { link: "eth0", mtu: 1500, address: "10.0.0.2/24", stp: false };

/** Returns the program that creates a lab. */
export const programOf = ({ link, mtu, address, stp }: Lab): string => `
  const red = new Namespace("red");
  const lan = new Bridge("lan", { stp: ${stp} });
  const wire = new Veth("wire", { a: { name: "${link}", namespace: red }, b: { name: "port", master: lan, mtu: ${mtu} } });
  new Address("ip", { interface: wire.a, address: "${address}" });
  new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
`;

/** Runs a command on a stack that is killed after a number of changes; returns whether it was killed. */
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
