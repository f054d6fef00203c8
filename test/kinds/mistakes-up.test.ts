import { expect, test } from "vitest";
import { Address, Bridge, Host, Link, Namespace, Process, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, engineOf, failure, ip, labHostForEachTest, succeeds } from "../support/edited.ts";

labHostForEachTest();

const NO_NAMESPACE = /\n {2}help: the namespace does not exist\. Refer to the Namespace instead of writing its name/;

test.each<[string, RegExp, () => unknown]>([
  [
    "a master in another namespace",
    /\n {2}help: the master must exist in the namespace of its port\. Refer to the Bridge instead of writing its name/,
    () => {
      const red = new Namespace("red");
      const br = new Bridge("br");
      new Veth("w", { a: { name: "x", namespace: red, master: "br" }, b: { name: "y" } }, { dependsOn: br });
    },
  ],
  [
    "a misspelt namespace of a sysctl",
    NO_NAMESPACE,
    () => new Sysctl("s", { namespace: "rde", key: "net.ipv4.ip_forward", value: "1" }),
  ],
  [
    "a misspelt namespace of a link",
    NO_NAMESPACE,
    () => new Veth("w", { a: { name: "x", namespace: "rde" }, b: { name: "y" } }),
  ],
  [
    "a misspelt namespace of an address",
    NO_NAMESPACE,
    () => new Address("w", { interface: "x", namespace: "rde", address: "10.0.0.1/24" }),
  ],
  [
    "a misspelt namespace of a process",
    NO_NAMESPACE,
    () => new Process("p", { namespace: "rde", command: ["sleep", "77"] }),
  ],
  [
    "a misspelt sysctl",
    /\n {2}help: the key does not exist: it is misspelled, or the module or interface that it belongs to is missing/,
    () => new Sysctl("s", { key: "net.ipv4.ip_fordward", value: "1" }),
  ],
  [
    "a word as the value of a switch",
    /Sysctl::s value: "yes" is not a value of net\.ipv4\.ip_forward: its value is an integer; use 1$/,
    () => new Sysctl("s", { key: "net.ipv4.ip_forward", value: "yes" }),
  ],
  [
    "a value that is out of a sysctl's range",
    /\n {2}help: the value is out of the key's range, or the key is read-only\. sysctl net\.ipv4\.ip_default_ttl shows/,
    () => new Sysctl("s", { key: "net.ipv4.ip_default_ttl", value: 0 }),
  ],
  [
    "a gateway that a Link without networks does not have",
    /Route::r via: missing: a route requires via, interface, nexthops or nhid \(in TypeScript also nexthop\), e\.g\. via: "192\.168\.15\.5", or a type that drops packets\n {2}help: if the program sets via, its value is undefined, like the address of a Link or Lan without networks$/,
    () => {
      const [a, b] = [new Host("a"), new Host("b")];
      const link = new Link("l", { a, b });
      new Route("r", { namespace: a, destination: "10.9.0.0/24", via: link.addresses.b[0]! });
    },
  ],
  [
    "a program that is not installed",
    /no-such-daemon: not found[^]*\n {2}help: install no-such-daemon with the package manager of the lab host/,
    () => new Process("p", { command: ["no-such-daemon", "-f"] }),
  ],
  [
    "a master that is the end of a Veth",
    /ip link set dev y0 .*master x0.*\n {2}failed: .*not supported\n {2}help: x0 is no bridge, bond or VRF, or the master cannot have a link of this kind: /,
    () => {
      const w = new Veth("w", { a: { name: "x0" }, b: { name: "x1" } });
      new Veth("v", { a: { name: "y0", master: "x0" }, b: { name: "y1" } }, { dependsOn: [w] });
    },
  ],
  [
    "a command in one word",
    /command: \["sleep 100"\] is not a program and its arguments: no shell splits a line; write \["sleep","100"\]/,
    () => new Process("p", { command: ["sleep 100"] }),
  ],
  [
    "a name that is too long",
    /"warehouse-uplink0" is not an interface name: it has 17 bytes; the maximum is 15/,
    () => new Bridge("warehouse-uplink0"),
  ],
  ["a name with a space", /"my host" is not an interface name: it contains " "/, () => new Bridge("my host")],
  [
    "an empty name",
    /a\.name: "" is not an interface name: it is empty/,
    () => new Veth("w", { a: { name: "" }, b: { name: "y" } }),
  ],
  [
    "a byte that is too large",
    /"10\.0\.0\.256\/24" .*256 is greater than 255/,
    () => new Address("a", { interface: "x", address: "10.0.0.256/24" }),
  ],
  [
    "a prefix length that is too large",
    /its prefix length is 33; the maximum for IPv4 is 32/,
    () => new Address("a", { interface: "x", address: "10.0.0.1/33" }),
  ],
])("%s is an error that explains the cause", async (_what, message, program) => {
  expect(await failure(program)).toMatch(message);
});

test.each([
  ["a new route", false],
  ["a route that exists", true],
])(
  "a prefix length that is too long for the gateway of %s is an error, and the next up restores the route",
  async (_what, exists) => {
    const lab = (length: number, routed: boolean) => () => {
      const [c1, r1] = [new Namespace("c1"), new Namespace("r1")];
      new Veth("w", {
        a: { name: "eth0", namespace: c1, addresses: [`10.1.0.10/${length}`] },
        b: { name: "eth0", namespace: r1, addresses: ["10.1.0.1/24"] },
      });
      if (routed) new Route("out", { namespace: c1, destination: "default", via: "10.1.0.1" });
    };
    await edit(lab(24, exists));
    expect(await failure(lab(30, true))).toMatch(
      /ip -n c1 -4 route add default via 10\.1\.0\.1 protocol 201\n {2}failed: .*invalid gateway.*\n {2}help: the gateway must be in a network in which the namespace has an address/,
    );
    expect(await addressesOf("c1", "eth0")).toEqual(["10.1.0.10/30"]);
    succeeds(await engineOf().refresh());
    await edit(lab(24, true));
    expect(await ip("-n", "c1", "route", "show", "default")).toMatchObject([{ gateway: "10.1.0.1" }]);
  },
);
