import { expect, test } from "vitest";
import { Address, Bridge, Namespace, Route, Veth } from "../../sdk/index.ts";
import { SOON, traces } from "../../tools/sandbox.ts";
import { engineOf, host, ip, labHostForEachTest, succeeds } from "../support/edited.ts";
import type { Run, UpOptions } from "../support/engine.ts";
import { Crash } from "../support/mortal.ts";
import { isSoak } from "../support/soak.ts";

/*
 * Runs that are killed after each of their commands, on the real kernel, with the engine in this process. With Pulumi's own
 * engine, test/engine/kill-*.test.ts kills once after each command, and a soak kills in each of these ways.
 */

labHostForEachTest();

type Way = readonly [what: string, how: UpOptions];

const command: Way = ["the command alone", { victim: "command" }];
const all: readonly Way[] = [
  command,
  ["the provider, with the state saved after each step", { keeping: "steps" }],
  ["the provider, with the new state lost", { keeping: "nothing" }],
];
// Of creates, updates and deletes, test/kinds/crash.test.ts kills the provider after each command.
const ways = isSoak ? all : [command];

interface Lab {
  readonly link: string;
  readonly mtu: number;
  readonly address: string;
  readonly stp: boolean;
}

const FIRST: Lab = { link: "eth0", mtu: 1500, address: "10.0.0.2/24", stp: false };

const lab =
  ({ link, mtu, address, stp }: Lab) =>
  () => {
    const red = new Namespace("red");
    const lan = new Bridge("lan", { stp });
    const wire = new Veth("wire", { a: { name: link, namespace: red }, b: { name: "port", master: lan, mtu } });
    new Address("ip", { interface: wire.a, address });
    new Route("out", { namespace: red, destination: "default", via: "10.0.0.1" });
  };

const nothing = () => undefined;

/** Repeats a run that is killed after one more command each time, until a run completes. */
async function killEach(kill: (dieAfter: number) => Promise<Run>, mend: () => Promise<void>): Promise<void> {
  let died = true;
  for (let commands = 1; died; commands += 1) {
    expect(commands).toBeLessThan(30);
    const { failure } = await kill(commands);
    died = failure !== undefined;
    if (died && !(failure instanceof Crash)) expect(failure).toMatchObject({ interrupted: true });
    await mend();
  }
}

/** Applies the program, and checks that a refresh and a second up find nothing to do. */
async function settle(program: () => void): Promise<void> {
  succeeds(await engineOf().up(program));
  expect(succeeds(await engineOf().refresh())).toEqual([]);
  expect(succeeds(await engineOf().up(program))).toEqual([]);
}

test.each(ways)("the next up completes an up that is killed after any command: %s", async (_what, how) => {
  const before = await traces(host);
  await killEach(
    (dieAfter) => engineOf().up(lab(FIRST), { ...how, dieAfter }),
    async () => {
      await settle(lab(FIRST));
      await host.run("ip", "netns", "exec", "red", "ip", "route", "get", "192.0.2.1");
      await settle(nothing);
      await expect.poll(() => traces(host), SOON).toBe(before);
    },
  );
});

test.each(ways)("the next destroy completes a destroy that is killed after any command: %s", async (_what, how) => {
  const before = await traces(host);
  await settle(lab(FIRST));
  await killEach(
    (dieAfter) => engineOf().destroy({ ...how, dieAfter }),
    async () => {
      succeeds(await engineOf().destroy());
      await expect.poll(() => traces(host), SOON).toBe(before);
      await settle(lab(FIRST));
    },
  );
});

test.each([
  ...ways.map((way) => ["an update", { mtu: 1400, stp: true }, ...way] as const),
  ...all.map((way) => ["a replacement", { link: "eth1", address: "10.0.0.3/24" }, ...way] as const),
])("the next up completes %s with %j that is killed after any command: %s", async (_what, change, _way, how) => {
  const changed = { ...FIRST, ...change };
  await settle(lab(FIRST));
  await killEach(
    (dieAfter) => engineOf().up(lab(changed), { ...how, dieAfter }),
    async () => {
      await settle(lab(changed));
      expect((await ip("link", "show", "dev", "port"))[0].mtu).toBe(changed.mtu);
      await settle(lab(FIRST));
    },
  );
});

test.each([
  ["an update", { mtu: 1400, stp: true }],
  ["a replacement", { link: "eth1", address: "10.0.0.3/24" }],
])(
  "an up of the former program reverts %s that is killed after any command, with the new state lost",
  async (_what, change) => {
    const pictureOf = async () => JSON.stringify(await ip("-details", "-n", "red", "route"));
    await settle(lab(FIRST));
    const former = await pictureOf();
    await killEach(
      (dieAfter) => engineOf().up(lab({ ...FIRST, ...change }), { keeping: "nothing", dieAfter }),
      async () => {
        await settle(lab(FIRST));
        expect((await ip("link", "show", "dev", "port"))[0].mtu).toBe(FIRST.mtu);
        expect(await pictureOf()).toBe(former);
      },
    );
  },
);
