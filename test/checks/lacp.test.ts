import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, one, veth } from "./pieces.ts";

const bond = (mode: string | null = "802.3ad") => one("Bond", { name: "bond0", namespace: "red", mode });
const member = (far: object, name = "eth0") =>
  veth({ name, namespace: "red", master: "bond0" }, { name: `to-${name}`, ...far });
const masked = (groupFwdMask: number | null) => member({ master: "lan", port: { groupFwdMask } });

/** Two bonds with two cables. */
const two = (mode: string, far: string | null) => [
  ...[bond(mode), one("Bond", { name: "bond0", mode: far })],
  ...[member({ master: "bond0" }), member({ master: "bond0" }, "eth1")],
];
const MODES = ["bond-modes"];

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

  ["bonds of one mode at both ends", two("802.3ad", "802.3ad"), []],
  ["a bond with LACP, and one without it", two("802.3ad", "active-backup"), MODES],
  ["a bond without LACP, and one with it", two("balance-rr", "802.3ad"), MODES],
  ["a bond with one active member, and one that uses all", two("active-backup", "balance-xor"), MODES],
  ["a bond with one active member, and one that sends all over all", two("active-backup", "broadcast"), []],
  ["two modes that use all members", two("balance-rr", "balance-xor"), []],
  ["an unknown mode", two("802.3ad", null), []],
  ["two modes on one cable", two("802.3ad", "active-backup").slice(0, 3), []],
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

test("the message names both bonds and their modes", () => {
  const [near, far, ...cables] = two("802.3ad", "active-backup");
  expect(runChecks([near, far, ...cables].flatMap((one) => one ?? []))).toMatchObject([
    {
      about: far,
      message: `mode of Bond ${far?.name} is active-backup, and that of Bond ${near?.name} at the other end of its cables is 802.3ad: one of them receives nothing from some of the cables`,
    },
  ]);
});
