import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ownEtc } from "../support/etc.ts";
import { type Lab, type LabResource, openLab } from "../support/lab.ts";
import { Crash } from "../support/mortal.ts";
import { nothing, type Program, steps } from "./crash-steps.ts";

type States = Map<string, { type: string } & Pick<LabResource, "id" | "outputs">>;

let lab: Lab;
let untouched: string;

beforeAll(async () => {
  lab = await openLab();
  await ownEtc(lab);
  untouched = await picture();
});

afterAll(() => lab[Symbol.asyncDispose]());

/** All that the program decides on, of the lab host and of the namespace. */
async function picture(): Promise<string> {
  const places = [[], ...(await lab.ip("netns", "list")).map(({ name }) => ["-n", name as string])];
  const parts = await Promise.all(
    places.map(async (place) => {
      const within = place.length === 0 ? [] : ["ip", "netns", "exec", place[1] as string];
      const [nft = "", ...listing] = [...within, "nft", "list", "ruleset"];
      const [sysctl = "", ...key] = [...within, "sysctl", "net.ipv4.ip_forward"];
      return [
        place,
        (await lab.ip(...place, "-details", "address", "show")).map(link).sort(),
        (await lab.ip(...place, "-4", "route", "show", "proto", "201")).map((route) => JSON.stringify(route)).sort(),
        (await lab.ip(...place, "-6", "route", "show", "proto", "201")).map((route) => JSON.stringify(route)).sort(),
        await lab.run(nft, ...listing),
        await lab.run(sysctl, ...key),
        place[1] && (await lab.run("sh", "-c", RUNNING, "sh", place[1])),
      ];
    }),
  );
  const files = await lab.run("sh", "-c", "find /run/pulumi-netns /etc/netns; cat /etc/netns/*/*; :");
  return JSON.stringify([...parts, files], undefined, 1);
}

const RUNNING = 'for pid in $(ip netns pids "$1"); do tr "\\0" " " </proc/$pid/cmdline | tail -c 9; done';

const PORT = ["isolated", "hairpin", "guard", "cost"];

const link = ({ ifname, mtu, address, master, ifalias, altnames, flags, linkinfo, addr_info }: any): string =>
  JSON.stringify([
    {
      ifname,
      mtu,
      address,
      master,
      ifalias,
      altnames: altnames?.sort(),
      up: flags.includes("UP"),
      stp: linkinfo?.info_data?.stp_state,
      port: PORT.map((name) => linkinfo?.info_slave_data?.[name]),
    },
    addr_info
      .map(({ local, prefixlen }: any) => `${local}/${prefixlen}`)
      .filter((text: string) => !text.startsWith("fe80")),
  ]);

/** One run of the program: what it has comes first, in its order; what it no longer has goes last, in reverse. */
async function run(on: Lab, program: Program, states: States): Promise<void> {
  const old = [...states];
  for (const [type, name, args, link] of program) {
    const resource = on.resource(type, name);
    resource.resume(states.get(name));
    await resource.up(args, { atHome: "namespace" in args, ...(link !== undefined && { on: [link] }) });
    states.set(name, { type, id: resource.id, outputs: resource.outputs });
  }
  for (const [name, state] of old.reverse()) {
    if (program.some(([, wanted]) => wanted === name)) continue;
    const resource = on.resource(state.type, name);
    resource.resume(state);
    await resource.destroy();
    states.delete(name);
  }
}

async function drift(states: States): Promise<string[]> {
  const found: string[] = [];
  for (const [name, state] of states) {
    const resource = lab.nextRun().resource(state.type, name);
    resource.resume(state);
    const seen = await resource.refresh();
    if (seen === "gone" || seen.length > 0) found.push(`${name}: ${String(seen)}`);
  }
  return found;
}

async function crashes(commands: number, to: Program, states: States): Promise<boolean> {
  try {
    await run(lab.nextRun(commands), to, states);
    return false;
  } catch (error) {
    if (error instanceof Crash) return true;
    throw error;
  }
}

describe.each(["kept after each resource", "lost with the run"])("with the state %s", (keeping) => {
  test.each(Object.entries(steps))(
    "%s that dies after any of its commands is finished by the next run",
    async (_what, { from, to }) => {
      const reference: States = new Map();
      await run(lab.nextRun(), from, reference);
      await run(lab.nextRun(), to, reference);
      const wanted = await picture();
      await run(lab.nextRun(), nothing, reference);
      expect(await picture()).toBe(untouched);

      let died = true;
      for (let commands = 0; died; commands += 1) {
        expect(commands).toBeLessThan(60);
        const states: States = new Map();
        await run(lab.nextRun(), from, states);
        const saved = new Map(states);
        died = await crashes(commands, to, states);
        const known = keeping.startsWith("lost") && died ? saved : states;
        await run(lab.nextRun(), to, known);
        expect([commands, await drift(known)]).toEqual([commands, []]);
        expect(await picture()).toBe(wanted);
        await run(lab.nextRun(), nothing, known);
        expect(await picture()).toBe(untouched);
      }
    },
    120_000,
  );
});
