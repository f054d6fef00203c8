import { describe, expect, test } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Lifecycle } from "../../provider/lifecycle.ts";
import type { Properties } from "../../provider/properties.ts";
import { everyArgument, everyExample } from "../support/every-kind.ts";
import { MARK, withValue } from "./samples.ts";
import { fails, untouched } from "./script.ts";

const lifeOf = (type: string) => lifecycles(untouched).get(type) as Lifecycle;
const failuresOf = (type: string, args: object, secret: string[]) =>
  lifeOf(type).check({}, { ...args, __mark: MARK, __secret: secret }).failures ?? [];

/** Values that are wrong for any argument. */
const WRONG = [
  "geheim 77",
  "geheim\n77",
  "geheim/77/77",
  "!geheim",
  "-geheim",
  "geheim:geheim",
  { geheim: "geheim\0", "geheim geheim": 77 },
  ["geheim", "geheim", { geheim: 77 }],
];

test.each(everyArgument)("the value of a wrong secret $type $path is not shown", ({ type, args, path }) => {
  const life = lifeOf(type);
  for (const value of WRONG) {
    const news = { ...withValue(args, path, value), __mark: MARK };
    const { failures = [] } = life.check({}, { ...news, __secret: [path] });
    const { failures: open } = life.check({}, news);
    const shown = JSON.stringify(value);
    expect(JSON.stringify(failures), shown).not.toContain("geheim");
    expect(failures, shown).toHaveLength(open?.length ?? 0);
    // The engine shows the value of a property that has an error.
    expect(failures.map(({ property }) => property).includes(path), shown).toBe(false);
  }
});

test("the error about a secret names its property and the allowed values", () => {
  expect(failuresOf("NatRule", { type: "snat", toAddress: "10.0.0.256" }, ["toAddress"])).toEqual([
    {
      property: "",
      reason:
        'property toAddress: "[secret]" is not an address or a range of addresses, ' +
        'e.g. "203.0.113.1", "203.0.113.1-203.0.113.9" or "203.0.113.0/28"',
    },
  ]);
});

test("the error about an argument beside a secret is unchanged", () => {
  const args = { type: "snat", toAddress: "203.0.113.77", source: "10.0.0.256", protocol: "gre" };
  expect(failuresOf("NatRule", args, ["toAddress"])).toEqual(failuresOf("NatRule", args, []));
});

test("a rule over arguments that are not secret is shown beside a secret one, and no value that holds a secret", () => {
  const [own, other, shared] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString("base64"));
  const peer = { publicKey: other, allowedIps: ["10.0.0.0/8"] };
  const twice = { name: "wg0", privateKey: own, peers: [peer, { ...peer, publicKey: own, presharedKey: shared }] };
  const reason = expect.stringMatching(/^"10.0.0.0\/8" is an allowed IP of two peers: peers\[0\] and peers\[1\]/);
  expect(failuresOf("WireGuard", twice, ["privateKey"])).toEqual([{ property: "peers", reason }]);
  const failures = failuresOf("WireGuard", twice, ["privateKey", "peers.1.presharedKey"]);
  expect(failures).toEqual([{ property: "", reason: expect.stringMatching(/^property peers: "10.0.0.0\/8" is an/) }]);
  expect(JSON.stringify(failures)).not.toContain(shared);
});

test("the error about a variable names it, also beside secret variables", () => {
  const env = { TOKEN: "geheim-77", PASSWORD: "geheim-78", "A-B": "geheim-79" };
  const failures = failuresOf("Process", { command: ["web"], env }, ["env.TOKEN"]);
  expect(failures).toEqual([{ property: "env.A-B", reason: expect.stringContaining("is not a variable name") }]);
  const whole = failuresOf("Process", { command: ["web"], env }, ["env"]);
  expect(whole).toEqual([{ property: "", reason: expect.stringMatching(/^property env: /) }]);
  expect(JSON.stringify([failures, whole])).not.toContain("geheim");
});

test.each<[string, object, string[]]>([
  ["NatRule", { type: "snat", source: "fd00::/64", toAddress: "203.0.113.77" }, ["toAddress"]],
  ["NatRule", { type: "masquerade", toAddress: "203.0.113.77" }, ["toAddress"]],
  ["Route", { destination: "fd00::/64", via: "203.0.113.77" }, ["via"]],
  ["Address", { interface: "eth0", address: "203.0.113.77/24", peer: "203.0.113.77" }, ["address"]],
  [
    "Veth",
    { a: { name: "e", addresses: ["203.0.113.77/24"], gateways: ["10.0.0.1"] }, b: { name: "f" } },
    ["a.addresses.0"],
  ],
  ["Veth", { a: { name: "e", addresses: ["203.0.113.77/24", "203.0.113.77/24"] }, b: { name: "f" } }, ["a.addresses"]],
  ["Bridge", { name: "b", mtu: 1000, addresses: ["fd00::77:113:0/64"] }, ["addresses.0"]],
])("the error about several arguments of a %s does not show the secrets %j", (type, args, secret) => {
  const failures = failuresOf(type, args, secret);
  expect(failures).toHaveLength(1);
  expect(failures[0]?.reason).toMatch(
    /^property \S+: it conflicts with other arguments\. One of them is secret, so the values are not shown$/,
  );
  expect(failures[0]?.property).toBe("");
});

test("the error about an object that two resources declare does not show secrets", () => {
  const lives = lifecycles(untouched);
  const check = (name: string, address: string) =>
    (lives.get("Address") as Lifecycle).check(
      {},
      { interface: "eth0", address, __mark: `pulumi-netns:lab/dev:${name}@01234567`, __secret: ["address"] },
    ).failures;
  expect(check("one", "fd00::77/64")).toEqual([]);
  expect(check("two", "FD00:0::77/64")).toEqual([
    {
      property: "",
      reason: "Address one and Address two declare the same address eth0/[secret]\n" + "  help: remove one of them",
    },
  ]);
});

describe.each(everyExample)("the error about a failed command of a $type", ({ type, kind, args }) => {
  const kernel = oneByOne(async () => fails("RTNETLINK answers: what the kernel says of fd00:15::1"));
  const life = lifecycles(kernel).get(type) as Lifecycle;
  const { inputs } = life.check({}, { ...args, __mark: MARK });
  const secret = everyArgument.flatMap((one) => (one.kind === kind && one.args === args ? [one.path] : []));
  const properties = { ...inputs, __mark: MARK, __secret: secret } as Properties;

  test.each<[string, () => Promise<unknown>]>([
    ["create", () => life.create(properties)],
    ["read", () => life.read("id", properties)],
    ["update", () => life.update("id", properties, properties)],
    ["delete", () => life.delete("id", properties)],
  ])("does not show secrets at %s", async (_verb, act) => {
    const error = await act().then(
      () => undefined,
      (thrown: unknown) => thrown as Error,
    );
    const said = `${error?.message} ${error?.stack}`.split("\n    at ")[0] ?? "";
    expect(said).toContain("what the kernel says");
    for (const value of ["eth0", "192.168.15.1", "fd00::5", "br0", "left", "dnsmasq", "net.ipv4.ip_forward"])
      if (JSON.stringify(args).includes(`"${value}"`))
        expect(said).not.toMatch(new RegExp(`(?<![\\w.-])${value}(?![\\w.-])`));
  });
});
