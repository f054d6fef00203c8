import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { bridge, type Case, each, lan, on, one, veth } from "./pieces.ts";

const port = (more: object = {}) => veth({ name: "p", master: "br", ...more }, { name: "e", namespace: "a" });

const cases: Case[] = [
  ["an address of a port", [bridge("br"), port({ addresses: ["10.0.0.1/24"] })], ["address-on-port"]],
  ["two addresses of a port", [bridge("br"), port({ addresses: ["10.0.0.1/24", "fd00::1/64"] })], ["address-on-port"]],
  [
    "an Address on a port",
    [bridge("br"), port(), one("Address", { interface: "p", address: "10.0.0.1/24" })],
    ["address-on-port"],
  ],
  ["addresses on the bridge and behind its ports", [lan, on("lan", "a", ["10.0.0.2/24"])], []],
  [
    "an Address on the other end",
    [bridge("br"), port(), one("Address", { interface: "e", namespace: "a", address: "10.0.0.1/24" })],
    [],
  ],
  [
    "an address of a bond's member",
    [one("Bond", { name: "br" }), port({ addresses: ["10.0.0.1/24"] })],
    ["address-on-port"],
  ],
  ["an address of a VRF's member", [one("Vrf", { name: "br" }), port({ addresses: ["10.0.0.1/24"] })], []],
  ["a master that the program does not create", [port({ addresses: ["10.0.0.1/24"] })], ["unknown-master"]],
  ["an unknown master", [bridge("br"), port({ master: null, addresses: ["10.0.0.1/24"] })], []],
];

each(cases);

test("the message names the bridge, and the help a solution", () => {
  const [found] = runChecks([bridge("br"), port({ addresses: ["10.0.0.1/24", "fd00::1/64"] })]);
  expect(found).toMatchObject({
    message: "10.0.0.1, fd00::1 is unreachable: p is a port of the bridge br, which receives all of its frames",
    help: "move the address to the bridge br, or remove it",
  });
});
