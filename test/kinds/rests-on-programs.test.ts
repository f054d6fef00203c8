import { expect, test } from "vitest";
import { Address, Command, Hosts, Namespace, Process, Route, Sysctl, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, ip, labHostForEachTest, sysctl } from "../support/edited.ts";

labHostForEachTest();

test("objects on the interface of a process are created after it, and replaced when it restarts", async () => {
  const lab =
    (delay = "", more: object = {}) =>
    () => {
      const red = new Namespace("red");
      const make = "ip link add tun0 type bridge && ip link set tun0 up";
      const script = `${delay}trap 'ip link delete tun0; exit' TERM; ${make}; while :; do sleep 0.1; done`;
      new Process("vpn", {
        namespace: red,
        command: ["sh", "-c", script],
        interfaces: ["tun0"],
        settle: 100,
        ...more,
      });
      new Address("ip", { interface: "tun0", namespace: red, address: "10.9.0.1/24" });
      new Route("out", { namespace: red, destination: "default", via: "10.9.0.2" });
      new Sysctl("proxy", { namespace: red, key: "net.ipv4.conf.tun0.proxy_arp", value: "1" });
    };
  const expectWhole = async () => {
    expect(await addressesOf("red", "tun0")).toEqual(["10.9.0.1/24"]);
    expect(await sysctl("net.ipv4.conf.tun0.proxy_arp", "red")).toBe("1");
    expect(await ip("-n", "red", "route", "show", "default")).toHaveLength(1);
  };
  await edit(lab());
  await expectWhole();
  const again = ["replace Address ip", "replace Route out", "replace Sysctl proxy", "update Process vpn"];
  expect(await edit(lab("sleep 0.3; "))).toEqual(again);
  await expectWhole();
  expect(await edit(lab("sleep 0.3; ", { files: { "a.conf": "1" } }))).toEqual(again);
  const reload = { onChange: "SIGUSR1" } as const;
  expect(await edit(lab("trap : USR1; ", { files: { "a.conf": "1" }, ...reload }))).toEqual(again);
  expect(await edit(lab("trap : USR1; ", { files: { "a.conf": "2" }, ...reload }))).toEqual(["update Process vpn"]);
  await expectWhole();
});

test("a command runs after the links and addresses of its namespace, and again when a link is replaced", async () => {
  const lab = (far: string) => () => {
    const red = new Namespace("red");
    const wire = new Veth("wire", { a: { name: "eth0", namespace: red }, b: { name: far } });
    new Address("ip", { interface: wire.a, address: "10.9.0.1/24" });
    new Command("queue", {
      namespace: red,
      create: ["sh", "-ec", "ip link set eth0 txqueuelen 77; ip -4 -brief address show eth0"],
      delete: ["sh", "-ec", "ip link show eth0"],
    });
  };
  const queue = async () => (await ip("-n", "red", "link", "show", "dev", "eth0"))[0]?.txqlen as number;
  await edit(lab("x"));
  expect(await queue()).toBe(77);
  expect(await edit(lab("y"))).toEqual(["replace Address ip", "replace Command queue", "replace Veth wire"]);
  expect(await queue()).toBe(77);
  expect(await edit(lab("y"))).toEqual([]);
});

test.each([
  ["its name", () => "red"],
  ["the output of its name", (red: Namespace) => red.name],
] as const)("a namespace given as %s is no other: programs rest on its links and Hosts alone", async (_, placeOf) => {
  const lab = (far: string, address: string) => () => {
    const [red, blue] = [new Namespace("red"), new Namespace("blue")];
    new Veth("red-wire", { a: { name: "eth0", namespace: red, addresses: ["10.9.0.1/24"] }, b: { name: "x" } });
    new Veth("blue-wire", { a: { name: "eth0", namespace: blue, addresses: ["10.8.0.1/24"] }, b: { name: far } });
    new Hosts("names", { namespace: red, addresses: { web: address } }, { replaceOnChanges: ["addresses"] });
    const namespace = placeOf(red);
    new Command("run", { namespace, create: ["true"] });
    new Process("stay", { namespace, command: ["sleep", "infinity"] });
  };
  await edit(lab("y", "10.9.0.7"));
  expect(await edit(lab("z", "10.9.0.7"))).toEqual(["replace Veth blue-wire"]);
  expect(await edit(lab("z", "10.9.0.8"))).toEqual([
    "replace Command run",
    "replace Hosts names",
    "replace Process stay",
  ]);
});
