import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { openSshBed, type SshBed } from "../test/support/ssh-bed.ts";
import { type Sandbox, sandbox } from "../tools/sandbox.ts";
import { REPOSITORY } from "../tools/stack.ts";
import { openChild } from "./child.ts";
import type { Run } from "./columns/column.ts";
import { openProvider } from "./columns/provider.ts";
import { openPulumi } from "./columns/pulumi.ts";
import type { BenchHost } from "./lab-hosts.ts";
import { star } from "./labs/star.ts";
import { residentMemory } from "./memory.ts";
import { median } from "./results.ts";

/*
 * Measures labs on lab hosts that are reached by ssh, with some delay, and the same labs on this machine, side by side. The lab hosts are
 * sandboxes with a real sshd.
 */

const options = new Command("hosts")
  .option("--size <number>", "the number of namespaces on each lab host", "50")
  .option("--hosts <numbers...>", "the numbers of lab hosts", ["1", "3"])
  .option("--delays <numbers...>", "the additional round-trip times, in milliseconds", ["0", "10", "50"])
  .option("--rounds <number>", "how often each is measured", "3")
  .option("--engine", "with Pulumi's engine")
  .option("--memory", "measure only the memory for ten lab hosts and for one, with the engine")
  .parse()
  .opts<{ size: string; hosts: string[]; delays: string[]; rounds: string; engine?: true; memory?: true }>();

const VERBS = ["connect", "create", "noop", "refresh", "destroy"] as const;
type Verb = (typeof VERBS)[number];

/** A place of a lab: this machine, or lab hosts with a delay. */
interface Case {
  readonly name: string;
  readonly size: number;
  readonly hosts: readonly BenchHost[];
  readonly times: Map<Verb, number[]>;
}

/** The address of the proxy. */
const MANAGEMENT = "10.77.0.1";
const size = Number(options.size);
const names = Array.from(
  { length: options.memory ? 10 : Math.max(...options.hosts.map(Number)) },
  (_, i) => `lab${i + 1}`,
);
await during(openSshBed(...names), async (bed) => {
  Object.assign(env, bed.env, { PATH: `${join(REPOSITORY, "node_modules/.bin")}:${bed.env.PATH}` });
  const delays = options.delays.map(Number);
  await (options.memory ? measureMemory(bed) : during(openProxy(bed, delays), () => measureTimes(bed, delays)));
});

/** Works with something, and closes it afterwards. */
async function during<T extends AsyncDisposable>(
  opening: Promise<T>,
  work: (opened: T) => Promise<void>,
): Promise<void> {
  const opened = await opening;
  try {
    await work(opened);
  } finally {
    await opened[Symbol.asyncDispose]();
  }
}

async function measureTimes(bed: SshBed, delays: readonly number[]): Promise<void> {
  for (const count of options.hosts.map(Number)) {
    const far = delays.map((delay) =>
      at(
        `${count} with ${delay} ms`,
        size,
        names.slice(0, count).map((name, index) => delayed(name, index, delay)),
      ),
    );
    const cases = [at("this machine", size * count, []), ...far];
    for (let round = 0; round < Number(options.rounds); round += 1)
      for (const one of round % 2 === 0 ? cases : cases.toReversed()) await life(bed, one);
    print(cases);
  }
}

function at(name: string, size: number, hosts: readonly BenchHost[]): Case {
  return { name, size, hosts, times: new Map() };
}

/** Starts the proxy that delays the connections to the lab hosts. */
function openProxy(bed: SshBed, delays: readonly number[]): Promise<AsyncDisposable> {
  const ports = delays.flatMap((delay) =>
    names.map((name, index) => `${MANAGEMENT}:${portOf(index, delay)}=${bed.host(name).address}:22@${delay}`),
  );
  return openChild(bed.management, ["node", fileURLToPath(new URL("delay.ts", import.meta.url)), ...ports]);
}

/** Returns a lab host that is reached through the proxy, which also serves those without delay, so that only the delay differs. */
function delayed(name: string, index: number, delay: number): BenchHost {
  return { name, ssh: `ssh://root@${MANAGEMENT}:${portOf(index, delay)}` };
}

function portOf(index: number, delay: number): number {
  return 20_000 + 1000 * index + delay;
}

/** Runs a lab from its creation to its deletion, and notes the times. */
async function life({ management }: SshBed, { name, size, hosts, times }: Case): Promise<void> {
  console.error(`${name}: a star of ${size}`);
  const measureIn = (place: Sandbox) =>
    during(open(place, size, hosts), async (run) => {
      for (const verb of VERBS) {
        const time = await run[verb]?.();
        if (time !== undefined) times.set(verb, [...(times.get(verb) ?? []), time]);
      }
    });
  await (hosts.length === 0 ? during(sandbox(), measureIn) : measureIn(management));
}

function open(place: Sandbox, size: number, hosts: readonly BenchHost[]): Promise<Run> {
  return options.engine || options.memory
    ? openPulumi(place, star(size), { hosts })
    : openProvider(place, star(size), hosts);
}

/** Prints the medians, and their ratios to those of the first case. */
function print(cases: readonly Case[]): void {
  const [base] = cases;
  for (const { name, times } of cases) {
    const texts = [...times].map(([verb, values]) => {
      const [own = 0, least = 0] = [median(values), median(base?.times.get(verb) ?? [])];
      return `${verb} ${(own / 1000).toFixed(2)} s${least === 0 ? "" : ` (×${(own / least).toFixed(2)})`}`;
    });
    console.log(`${name}: ${texts.join(", ")}`);
  }
}

/** Measures the same number of resources on ten lab hosts and on one: the peak of the provider, and the processes of ssh. */
async function measureMemory(bed: SshBed): Promise<void> {
  for (const count of [1, 10]) {
    const hosts = names.slice(0, count).map((name) => ({ name, ssh: name }));
    await during(open(bed.management, size / count, hosts), async (run) => {
      let ssh = 0;
      const sample = async () => {
        ssh = Math.max(ssh, residentMemory(await bed.clients()));
      };
      const timer = setInterval(() => void sample(), 200);
      await run.create();
      clearInterval(timer);
      const provider = (await run.memory?.()) ?? 0;
      await run.destroy();
      console.log(`${count} lab hosts: provider ${megabytes(provider)}, ssh ${megabytes(ssh)}`);
    });
  }
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}
