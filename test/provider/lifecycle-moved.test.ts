import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import { bridgeArgs, bridgeCommands } from "./samples.ts";
import { type Exchange, fails, scripted, tells, UNFILTERED } from "./script.ts";

const [HERE, THERE] = ["11111111", "22222222"];
const markIn = (backend: string | undefined, name = "it") =>
  `pulumi-netns:lab/dev${backend === undefined ? "" : `@${backend}`}:${name}@0123abcd`;
const ARGS = bridgeArgs();
const of = (backend: string | undefined) => ({ ...ARGS, __mark: markIn(backend) });

const SHOW = "ip -json -details address show dev br0";
const link = (ifalias: string): Exchange => [
  SHOW,
  tells([
    {
      ifindex: 3,
      ifname: "br0",
      flags: ["UP"],
      mtu: 1500,
      address: ARGS.mac,
      ifalias,
      linkinfo: { info_kind: "bridge", info_data: { stp_state: 0, vlan_filtering: 0 } },
    },
  ]),
];
const ALIAS: Exchange = [`ip link set dev br0 alias ${markIn(HERE)}`];
const DELETE: Exchange = ["ip link delete dev br0"];

const live = <T>(backend: string | undefined, script: Exchange[], act: (life: Lifecycle) => Promise<T>) =>
  scripted(script, (kernel) =>
    act(lifecycles(kernel, backend === undefined ? {} : { backend }).get("Bridge") as Lifecycle),
  );

const verbs: [string, (life: Lifecycle) => Promise<unknown>, Exchange[]][] = [
  ["read", (life) => life.read("br0", of(THERE)), [link(markIn(THERE))]],
  ["update", (life) => life.update("br0", of(THERE), of(HERE)), [link(markIn(THERE)), ALIAS]],
  ["delete", (life) => life.delete("br0", of(THERE)), [link(markIn(THERE)), DELETE]],
];

beforeEach(() => vi.stubEnv("PULUMI_NETNS_MOVED_FROM", undefined));
afterEach(() => vi.unstubAllEnvs());

describe("a state from another backend", () => {
  test.each(verbs)("is refused at %s without any command", async (_verb, act) => {
    await expect(live(HERE, [], act)).rejects.toMatchObject({
      name: "MovedStateError",
      message: expect.stringContaining(`PULUMI_NETNS_MOVED_FROM=${THERE} pulumi up`),
    });
  });

  test.each(verbs)("is refused at %s if the user has confirmed a move from a third backend", async (_verb, act) => {
    vi.stubEnv("PULUMI_NETNS_MOVED_FROM", "33333333");
    await expect(live(HERE, [], act)).rejects.toMatchObject({ name: "MovedStateError" });
  });

  test.each(verbs)("is accepted at %s if the user has confirmed the move", async (_verb, act, script) => {
    vi.stubEnv("PULUMI_NETNS_MOVED_FROM", THERE);
    await live(HERE, script, act);
  });

  test.each(verbs)(
    "is accepted at %s if the backend has no identity, since a copy of its folder has the same state",
    async (_verb, act, script) => {
      await live(undefined, script, act);
    },
  );

  test("does not let a create adopt objects of the stack in the other backend", async () => {
    const failure = live(HERE, [link(markIn(THERE))], (life) => life.create(of(HERE)));
    await expect(failure).rejects.toThrow("belongs to another stack named lab/dev, whose state is in another backend");
  });

  test("is updated to this backend after the user has confirmed the move", () => {
    const life = lifecycles(
      oneByOne(async () => fails("no")),
      { backend: HERE },
    ).get("Bridge");
    expect(life?.diff("br0", of(THERE), of(HERE))).toEqual({ changes: true, replaces: [], deleteBeforeReplace: true });
  });
});

describe("a state of this backend, or of version 0.1.0, which stored no backend", () => {
  test.each([[HERE], [undefined]])("is read, with the backend %s", async (backend) => {
    const seen = live(HERE, [link(markIn(backend))], (life) => life.read("br0", of(backend)));
    expect(await seen).toMatchObject({ id: "br0" });
  });

  test("is updated, and its object gets a mark with the backend", () =>
    live(HERE, [link(markIn(undefined)), ALIAS], (life) => life.update("br0", of(undefined), of(HERE))));

  test.each([[HERE], [undefined]])("is deleted, with the backend %s", (backend) =>
    live(HERE, [link(markIn(backend)), DELETE], (life) => life.delete("br0", of(backend))),
  );
});

test("a reference is read, whichever backend its mark names", async () => {
  const outputs = { __reference: true, __mark: markIn(THERE) };
  const found = await live(HERE, [link("of a person")], (life) => life.read("br0", outputs));
  expect(found).toMatchObject({ id: "br0" });
});

test("an object that version 0.1.0 has created and not saved to a state is replaced", () =>
  live(
    HERE,
    [
      link(markIn(undefined)),
      DELETE,
      [bridgeCommands({ mark: markIn(HERE) }).add],
      [bridgeCommands({ mark: markIn(HERE) }).set],
      UNFILTERED,
    ],
    (life) => life.create(of(HERE)),
  ));
