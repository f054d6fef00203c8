import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, one, veth } from "./pieces.ts";

const bond = (mode: string | null = "802.3ad") => one("Bond", { name: "bond0", namespace: "red", mode });
const member = (far: object, name = "eth0") =>
  veth({ name, namespace: "red", master: "bond0" }, { name: `to-${name}`, ...far });
const masked = (groupFwdMask: number | null) => member({ master: "lan", port: { groupFwdMask } });

const cases: Case[] = [
  ["a bond behind a bridge", [bridge("lan"), bond(), member({ master: "lan" })], ["lacp-dropped"]],
  ["a bond behind a bridge that forwards LLDP only", [bridge("lan"), bond(), masked(0x40_00)], ["lacp-dropped"]],
  ["a bond behind a bridge that forwards LACP", [bridge("lan"), bond(), masked(4)], []],
  ["a bond behind a bridge with an unknown mask", [bridge("lan"), bond(), masked(null)], []],
  ["a bond without LACP behind a bridge", [bridge("lan"), bond("active-backup"), member({ master: "lan" })], []],
  ["a bond with an unknown mode", [bridge("lan"), bond(null), member({ master: "lan" })], []],
  ["a bond on a cable", [bridge("lan"), bond(), member({})], []],
  ["two bonds on a cable", [bond(), one("Bond", { name: "bond0", mode: "802.3ad" }), member({ master: "bond0" })], []],
  [
    "a bond with two members behind a bridge",
    [bridge("lan"), bond(), member({ master: "lan" }), member({ master: "lan" }, "eth1")],
    ["lacp-dropped"],
  ],
];
each(cases);

test("the message names the port, and the frames that it must forward", () => {
  expect(runChecks([bridge("lan"), bond(), member({ master: "lan" })].flat())).toMatchObject([
    {
      message: expect.stringMatching(
        /^red\/bond0 has no LACP partner at red\/eth0: the port to-eth0 \(Veth n\d+\) of the bridge lan drops/,
      ),
      help: expect.stringMatching(/set port\.groupFwdMask of to-eth0 to 4; .* set mode to "active-backup"$/),
    },
  ]);
});
