import { expect, test } from "vitest";
import { runChecks } from "../../checks/index.ts";
import { type Case, cable, each, namespace, one } from "./pieces.ts";

const lan = [namespace("r"), namespace("c"), cable("r", ["10.5.0.1/24"], "c", [])];
const dnsmasq = (...command: string[]) =>
  one("Process", { namespace: "r", interfaces: [], command: ["/usr/sbin/dnsmasq", "--no-daemon", ...command] });
const byFile = (text: string | null) =>
  one("Process", {
    namespace: "r",
    interfaces: [],
    files: { "dnsmasq.conf": text },
    command: ["dnsmasq", "-C", "dnsmasq.conf"],
  });
const RELAYED = "10.6.0.100,10.6.0.200,255.255.255.0,1h";

const cases: Case[] = [
  ["a range in the network", [lan, dnsmasq("--dhcp-range=10.5.0.100,10.5.0.200,1h")], []],
  ["a range in another network", [lan, dnsmasq("--dhcp-range=10.6.0.100,10.6.0.200,1h")], ["dhcp-range"]],
  ["a range that leaves the network", [lan, dnsmasq("-F", "10.5.0.100,10.5.1.200")], ["dhcp-range"]],
  ["a range with a tag", [lan, dnsmasq("--dhcp-range", "set:guests,10.6.0.100,10.6.0.200")], ["dhcp-range"]],
  ["a range for a relay", [lan, dnsmasq(`--dhcp-range=${RELAYED}`)], []],
  ["a range in a file", [lan, byFile("leasefile-ro\ndhcp-range=10.6.0.100,10.6.0.200\n")], ["dhcp-range"]],
  ["a range in a comment", [lan, byFile("# dhcp-range=10.6.0.100,10.6.0.200\n")], []],
  ["an unknown file", [lan, byFile(null)], []],
  ["a server on the lab host", [one("Process", { command: ["dnsmasq", "--dhcp-range=10.6.0.100,10.6.0.200"] })], []],
  [
    "another program, which may add addresses",
    [lan, dnsmasq("-F", "10.6.0.100,10.6.0.200"), one("Command", { namespace: "r", create: ["true"] })],
    [],
  ],
  ["an unknown address", [lan, dnsmasq("-F", "10.6.0.100,10.6.0.200"), one("Address", { address: null })], []],
];
each(cases);

test("the warning names the range and the networks", () => {
  const message = runChecks([...lan, dnsmasq("-F", "10.6.0.100,10.6.0.200")])[0]?.message;
  expect(message).toMatch(
    /^the DHCP range 10\.6\.0\.100 to 10\.6\.0\.200 of Process n\d+ is in no network of the namespace r, which has 10\.5\.0\.1\/24$/,
  );
});
