import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import {
  Address,
  Bridge,
  Geneve,
  Host,
  Hosts,
  LabHost,
  type LabHostArgs,
  Lan,
  Link,
  Namespace,
  Router,
  Veth,
  Vlan,
} from "../../sdk/index.ts";
import { lab, preview } from "../support/across-hosts.ts";
import { succeeds } from "../support/edited.ts";

/* The lab hosts and places that a program gives. A program without types may give any value. */

const untyped = (value: unknown) => value as never;
const bridge = (namespace: unknown) => new Bridge("br", { namespace: untyped(namespace) });

test.each<[string, () => unknown, RegExp]>([
  ["the name of a lab host", () => "lab2", /"lab2" is not a LabHost\n {2}help: give the object itself: const lab2 = /],
  ["an Output", () => pulumi.output(lab("lab1")), /an Output is not a LabHost/],
  ["a promise", () => Promise.resolve(lab("lab1")), /a Promise is not a LabHost/],
  ["a namespace", () => new Namespace("blue", { host: lab("lab1") }), /a Namespace is not a LabHost/],
  ["null", () => null, /null is not a LabHost/],
])("a preview refuses %s as the host of a resource, and does not use this machine instead", async (_, host, why) => {
  for (const program of [
    () => new Namespace("red", { host: untyped(host()) }),
    () => Namespace.get("red", "red", { host: untyped(host()) }),
    () => Bridge.get("red", "br0", { host: untyped(host()) }),
    () => Veth.get("red", "v0:v1", { host: untyped(host()) }),
  ]) {
    const { failure } = await preview(program);
    expect(failure?.message).toMatch(/^(Namespace|Bridge|Veth) red: property host: /);
    expect(failure?.message).toMatch(why);
  }
});

test.each<[string, () => unknown, RegExp]>([
  [
    "a link",
    () => bridge(new Bridge("other")),
    /^Bridge br: property namespace: a Bridge is given where a namespace is required\n {2}help: use a Name/,
  ],
  [
    "a link as the place of an end",
    () => new Veth("wire", { a: { name: "x", namespace: untyped(new Bridge("other")) }, b: { name: "y" } }),
    /^Veth wire: property a\.namespace: a Bridge is given where a namespace is required\n {2}help: use a Name/,
  ],
  [
    "a link as the underlay of a tunnel",
    () => new Geneve("g", { vni: 1, remote: "10.0.0.9", underlay: untyped(new Bridge("other")) }),
    /^Geneve g: property underlay: a Bridge is given where a namespace is required\n/,
  ],
  [
    "a link as the place of a parent",
    () => new Vlan("v", { link: "eth0", vid: 7, linkNamespace: untyped(new Bridge("other")) }),
    /^Vlan v: property linkNamespace: a Bridge is given where a namespace is required\n/,
  ],
  [
    "a LAN",
    () => bridge(new Lan("lan", { networks: ["10.0.0.0/24"] })),
    /^Bridge br: property namespace: a Lan is given where a namespace is /,
  ],
  [
    "the name of a namespace on another lab host",
    () => bridge(new Namespace("red", { host: lab("lab1") }).name),
    /^Bridge br: property namespace: the name of a Namespace on the lab host lab1 is given, and a name means a namespace on this machine\n {2}help: give the Namespace itself/,
  ],
  [
    "the name of an interface on another lab host",
    () => {
      const far = new Bridge("far", { namespace: lab("lab1") });
      return new Address("ip", { interface: far.name, address: "10.0.0.1/24" });
    },
    /^Address ip: property interface: the name of an interface on the lab host lab1 is given, and there it means an interface on this machine\n {2}help: give the interface itself: /,
  ],
  ["an object", () => bridge({ name: "lab1" }), /namespace: \{"name":"lab1"\} is not a namespace name/],
  [
    "a lab host as `host` beside `namespace`",
    () => new Bridge("br", untyped({ host: lab("lab1") })),
    /^Bridge br: property host: unknown argument; the resource is on the lab host of its namespace\n {2}help: /,
  ],
  [
    "a lab host itself for files of a namespace",
    () => new Hosts("names", { namespace: untyped(lab("lab1")), addresses: { web: "10.0.0.1" } }),
    /^Hosts names: property namespace: the files of the lab host lab1 itself are not managed\n {2}help: give a Namespace /,
  ],
  [
    "a lab host as the end of a link",
    () => new Link("ab", { a: untyped(lab("lab1")), b: new Host("b") }),
    /^Link ab: a: a LabHost is not a Host or a Router; give the object itself, e.g. new Router\("edge"\)$/,
  ],
  [
    "the name of a lab host that a LAN spans",
    () => new Lan("lan", { networks: ["10.0.0.0/24"], spans: untyped(["lab1"]) }),
    /^Lan lan: spans\[0\]: "lab1" is not a LabHost/,
  ],
])("a preview refuses %s as a place", async (_, program, why) => {
  expect((await preview(program)).failure?.message).toMatch(why);
});

test("the output `name` of a namespace, of a reference and of a node can be used as a namespace on this machine or the default lab host", async () => {
  const names = (host?: LabHost) => {
    const given = host === undefined ? {} : { host };
    const places = [new Namespace("red", given), new Router("edge", given).namespace];
    return places.map(({ name }, index) => new Bridge(`br${index}`, { namespace: name }));
  };
  const made = ["create Bridge br0", "create Bridge br1", "create Namespace edge", "create Namespace red"];
  const bridges = (steps: string[]) => steps.filter((step) => !step.includes("Sysctl"));
  expect(bridges(succeeds(await preview(() => void names())))).toEqual(made);
  const program = () => void names(new LabHost("lab1"));
  expect(bridges(succeeds(await preview(program, { "pulumi-netns:host": "lab1" })))).toEqual(made);
});

const OUTPUT = () => pulumi.output("lab2");

test.each<[string, unknown, RegExp]>([
  [
    "an Output as ssh",
    { ssh: OUTPUT() },
    /^LabHost lab: ssh: needs a plain value, not an Output, .*\n {2}help: .*config\.require/,
  ],
  ["an Output as sudo", { sudo: OUTPUT() }, /^LabHost lab: sudo: needs a plain value, not an Output, /],
  ["text as sudo", { sudo: "false" }, /^LabHost lab: sudo: "false" is not true or false\n {2}help: for example new /],
  ["an Output as address", { address: OUTPUT() }, /^LabHost lab: address: needs a plain value, not an Output, /],
  ["text as mtu", { mtu: "1400" }, /^LabHost lab: mtu: "1400" is not a number\n/],
  ["a misspelt argument", { adress: "192.0.2.1" }, /^LabHost lab: adress: unknown argument; did you mean address\? /],
  ["another tool's argument", { user: "ada" }, /^LabHost lab: user: unknown argument; expected one of: ssh, sudo, /],
  ["text", "ada@192.0.2.1", /^LabHost lab: "ada@192.0.2.1" is not an object with its arguments$/],
  [
    "an option of ssh",
    { ssh: "-oProxyCommand=true" },
    /^LabHost lab: ssh is "-oProxyCommand=true", and must be a dest/,
  ],
  ["a user without a host", { ssh: "ada@" }, /^LabHost lab: ssh is "ada@", and must be a destination of ssh/],
  [
    "a port behind an address",
    { ssh: "ada@192.0.2.1:2222" },
    /^LabHost lab: ssh is "ada@192\.0\.2\.1:2222", and ssh takes a port in a URI alone\n {2}help: use "ssh:\/\/ada@192\.0\.2\.1:2222"/,
  ],
])("a lab host refuses %s", async (_, args, why) => {
  const { failure } = await preview(() => new LabHost("lab", untyped(args)));
  expect(failure?.message).toMatch(why);
});

test.each<[unknown, RegExp]>([
  [undefined, /^a LabHost has no name\n/],
  [OUTPUT(), /^the name of a LabHost is an Output, which is not text\n/],
])("a lab host refuses the name %s", async (name, why) => {
  expect((await preview(() => new LabHost(untyped(name)))).failure?.message).toMatch(why);
});

test.each(["fd00::1", "ada@fd00::1", "ssh://ada@192.0.2.1:2222", "lab", "ada@lab.example.com"])(
  "a lab host accepts the destination %s",
  async (ssh) => {
    const args: LabHostArgs = { ssh };
    succeeds(await preview(() => expect(new LabHost("lab", args).ssh).toBe(ssh)));
    succeeds(await preview(() => expect(new LabHost("lab", untyped(null)).ssh).toBe("lab")));
  },
);
