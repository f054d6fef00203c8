import { expect, test } from "vitest";
import { Address, Bridge, Namespace, Route, Veth } from "../../sdk/index.ts";
import { SOON, traces } from "../../tools/sandbox.ts";
import { engineOf, host, ip, labHostForEachTest, succeeds } from "../support/edited.ts";
import type { Run, UpOptions } from "../support/engine.ts";
import { Crash } from "../support/mortal.ts";

/*
 * Runs that are killed after each of their commands, on the real kernel, with the engine in this process. With Pulumi's own
 * engine test/engine/kill-*.test.ts kills after each command once, and in a soak in each of these ways.
 */

labHostForEachTest();

const ways: readonly (readonly [what: string, how: UpOptions])[] = [
  ["only a command", { victim: "command" }],
  ["the provider, with the state after each step", { keeping: "steps" }],
  ["the provider, and all of the state", { keeping: "nothing" }],
];

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

/** Kills a run after each of its commands in turn, until it comes to its end. */
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

/** An up of the program after which nothing is left to do. */
async function settle(program: () => void): Promise<void> {
  succeeds(await engineOf().up(program));
  expect(succeeds(await engineOf().refresh())).toEqual([]);
  expect(succeeds(await engineOf().up(program))).toEqual([]);
}

test.each(ways)("an up that loses %s after any command is finished by the next", async (_what, how) => {
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

test.each(ways)("a destroy that loses %s after any command is finished by the next", async (_what, how) => {
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

test.each(
  ways.flatMap((way) => [
    ["an update", { mtu: 1400, stp: true }, ...way] as const,
    ["a replacement", { link: "eth1", address: "10.0.0.3/24" }, ...way] as const,
  ]),
)("%s with %j that loses %s after any command is finished by the next", async (_what, change, _way, how) => {
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
