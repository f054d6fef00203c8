import type * as v from "valibot";
import { describe, expect, test, vi } from "vitest";
import { lifecycles } from "../../provider/host.ts";
import { displayCommand } from "../../provider/kernel/command.ts";
import { oneByOne } from "../../provider/kernel/kernel.ts";
import type { Kind, Observed } from "../../provider/kind.ts";
import { type Lifecycle, lifecycle } from "../../provider/lifecycle.ts";
import { args, field } from "../../provider/schema.ts";
import { sysctlValue } from "../../provider/values.ts";
import { everyKind } from "../support/every-kind.ts";
import { MARK } from "./samples.ts";
import { besides, contextOver, type Exchange, fails, scripted, tells } from "./script.ts";

const FORWARD = { key: "net.ipv4.ip_forward", value: "1", __mark: MARK };
const DROP = { family: "inet", table: "filter", name: "FORWARD", type: "filter", hook: "forward", policy: "drop" };
const chains = (policy: string) => tells({ nftables: [{ chain: { ...DROP, policy } }] });
const LIST = "nft --json list chains";
const says = (stdout: string) => ({ code: 0, stdout, stderr: "" });
const LO = tells([{ ifindex: 1, ifname: "lo", flags: [], mtu: 65_536 }]);

/** The queries for a key whose value is 0. */
const looks = (key: string, namespace?: string): Exchange[] => [
  [`${namespace === undefined ? "" : `ip netns exec ${namespace} `}sysctl --values ${key}`, says("0\n")],
  [`ip ${namespace === undefined ? "" : `-n ${namespace} `}-json -details address show dev lo`, LO],
  ...besides(key, {}, namespace),
];
const NOTE = "ip link property add dev lo altname net.ipv4.ip_forward=0:6d3d18b0";
const ERASE = "ip link property del dev lo altname net.ipv4.ip_forward=0:6d3d18b0";
const ON = "sysctl --write net.ipv4.ip_forward=1";

const enter = (where: string) => (where.startsWith("in") ? "ip netns exec red " : "");

const warning = (where: string) =>
  `chain FORWARD of table inet filter ${where} has policy drop, as set by Docker and ufw: it drops the packets that its rules do not accept\n` +
  "  help: if it drops the lab's packets, accept them, for example with\n" +
  `    ${enter(where)}nft insert rule inet filter FORWARD iifname LAB_INTERFACE accept\n` +
  `    ${enter(where)}nft insert rule inet filter FORWARD oifname LAB_INTERFACE accept`;

/** Returns the warnings of an operation on a sysctl. */
async function said(script: readonly Exchange[], act: (life: Lifecycle) => Promise<unknown>): Promise<string[]> {
  const texts: string[] = [];
  await scripted(script, (kernel) =>
    act(lifecycles(kernel, { warn: (text) => texts.push(text) }).get("Sysctl") as Lifecycle),
  );
  return texts;
}

describe("a create of a sysctl that enables forwarding", () => {
  test.each<[string, object, string | undefined, string]>([
    ["net.ipv4.ip_forward", {}, undefined, "on the lab host"],
    ["net.ipv4.conf.all.forwarding", {}, undefined, "on the lab host"],
    ["net.ipv6.conf.all.forwarding", {}, undefined, "on the lab host"],
    ["net.ipv4.ip_forward", { value: "2" }, undefined, "on the lab host"],
    ["net.ipv4.ip_forward", { namespace: "red" }, "red", "in namespace red"],
  ])(
    "with %s and %j warns once, at the end, that forwarded packets are dropped",
    async (key, more, namespace, where) => {
      const inputs = { ...FORWARD, key, ...more };
      // The kernel has the switch for IPv4 under two names.
      const noted = key === "net.ipv4.conf.all.forwarding" ? "net.ipv4.ip_forward" : key;
      const [ip, run] = namespace === undefined ? ["ip", ""] : [`ip -n ${namespace}`, `ip netns exec ${namespace} `];
      const script: Exchange[] = [
        ...looks(key, namespace),
        [`${ip} link property add dev lo altname ${noted}=0:6d3d18b0`],
        [`${run}sysctl --write ${key}=${inputs.value}`],
        [`${run}${LIST}`, chains("drop")],
      ];
      expect(await said(script, (life) => life.create(inputs))).toEqual([warning(where)]);
    },
  );

  test("does not warn if no chain drops them", async () => {
    const script: Exchange[] = [...looks(FORWARD.key), [NOTE], [ON], [LIST, chains("accept")]];
    expect(await said(script, (life) => life.create(FORWARD))).toEqual([]);
  });

  test("warns also if the key already has the value", async () => {
    const script: Exchange[] = [
      ["sysctl --values net.ipv4.ip_forward", says("1\n")],
      ["ip -json -details address show dev lo", LO],
      ...besides(FORWARD.key),
      ["ip link property add dev lo altname net.ipv4.ip_forward=1:6d3d18b0"],
      [LIST, chains("drop")],
    ];
    expect(await said(script, (life) => life.create(FORWARD))).toEqual([warning("on the lab host")]);
  });

  test("returns its result also with a warning", async () => {
    const script: Exchange[] = [...looks(FORWARD.key), [NOTE], [ON], [LIST, chains("drop")]];
    await said(script, async (life) => {
      expect(await life.create(FORWARD)).toEqual({ id: "net.ipv4.ip_forward", outs: { ...FORWARD, previous: "0" } });
    });
  });
});

test.each([
  ["net.ipv4.ip_forward", "0"],
  ["net.ipv6.conf.all.forwarding", "0"],
  ["net.ipv4.conf.eth0.forwarding", "1"],
  ["net.ipv4.conf.default.forwarding", "1"],
  ["net.ipv4.conf.all.mc_forwarding", "1"],
  ["net.ipv4.conf.all.forwarding.x", "1"],
  ["net.ipv4.ip_forward_use_pmtu", "1"],
  ["net.x.net.ipv4.ip_forward", "1"],
  ["net.ipv4.tcp_syncookies", "1"],
])("a create of the sysctl %s with the value %s does not look for a firewall and does not warn", async (key, value) => {
  const script: Exchange[] = [
    ...looks(key),
    [`ip link property add dev lo altname ${key}=0:6d3d18b0`],
    ...(value === "0" ? [] : [[`sysctl --write ${key}=${value}`] as const]),
  ];
  expect(await said(script, (life) => life.create({ key, value, __mark: MARK }))).toEqual([]);
});

test("a create of a sysctl that fails does not look for a firewall and does not warn", async () => {
  const refused = fails('sysctl: setting key "net.ipv4.ip_forward": Invalid argument', 0);
  const script: Exchange[] = [...looks(FORWARD.key), [NOTE], [ON, refused], [ERASE]];
  const texts = await said(script, async (life) => {
    await expect(life.create(FORWARD)).rejects.toMatchObject({ name: "KernelError", reason: "failed" });
  });
  expect(texts).toEqual([]);
});

test.each<[string, Exchange[], (life: Lifecycle) => Promise<unknown>]>([
  [
    "updated",
    [...looks(FORWARD.key), [NOTE], [ON]],
    (life) => life.update("", { ...FORWARD, value: "0", previous: "0" }, FORWARD),
  ],
  ["read", looks(FORWARD.key), (life) => life.read("", FORWARD)],
  ["deleted", looks(FORWARD.key), (life) => life.delete("", FORWARD)],
  ["checked", [], async (life) => life.check({}, FORWARD)],
  ["compared", [], async (life) => life.diff("", { ...FORWARD, value: "0" }, FORWARD)],
])("a sysctl that is %s does not look for a firewall and does not warn", async (_what, script, act) => {
  expect(await said(script, act)).toEqual([]);
});

test("warnings are printed to the console if no other destination is given", async () => {
  const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
  try {
    await scripted([...looks(FORWARD.key), [NOTE], [ON], [LIST, chains("drop")]], (kernel) =>
      (lifecycles(kernel).get("Sysctl") as Lifecycle).create(FORWARD),
    );
    expect(warn.mock.calls).toEqual([[warning("on the lab host")]]);
  } finally {
    warn.mockRestore();
  }
});

test("only bridges, sysctls, hosts, rate limits, VRFs and devices of programs warn", () => {
  const warners = everyKind.filter(({ kind }) => kind.warn !== undefined).map(({ type }) => type);
  expect(new Set(warners)).toEqual(new Set(["Bridge", "Sysctl", "Hosts", "Tbf", "Vrf", "Tap", "Tun"]));
});

describe("a kind that warns", () => {
  const schema = args({ value: field(sysctlValue()) });
  type Args = v.InferOutput<typeof schema>;
  const OURS = { state: { value: "x" }, mark: MARK };
  const FOREIGN = { state: { value: "x" }, mark: "pulumi-netns:lab/prod:it@0123abcd" };
  const inputs = { value: "x", __mark: MARK };

  /** Returns the commands and warnings of an operation in their order, for a given observed state and warning. */
  async function events(
    seen: Observed<Args> | undefined,
    text: string | Error | undefined,
    act: (life: Lifecycle) => Promise<unknown>,
    answer = says(""),
  ): Promise<string[]> {
    const happened: string[] = [];
    const warner: Kind<Args> = {
      type: "Warner",
      schema,
      ownership: "mark",
      id: () => "id",
      claims: () => [{ name: "it" }],
      observe: async () => seen,
      plan: () => [{ run: { tool: "sh", args: ["do"] } }],
      async warn(kernel, { value }) {
        await kernel.run({ tool: "sh", args: ["ask", value] });
        if (text instanceof Error) throw text;
        return text;
      },
    };
    const kernel = oneByOne(async (command) => {
      happened.push(displayCommand(command));
      return answer;
    });
    const say = (said: string) => happened.push(`say ${said}`);
    const life = lifecycle(warner, contextOver(kernel, { warn: say }));
    await act(life).then(
      () => happened.push("done"),
      () => happened.push("failed"),
    );
    return happened;
  }

  test.each<[string, Observed<Args> | undefined, string | Error | undefined, string[]]>([
    ["that creates a missing object", undefined, "beware", ["sh do", "sh ask x", "say beware", "done"]],
    ["that finds its own object", OURS, "beware", ["sh do", "sh ask x", "say beware", "done"]],
    ["that has nothing to warn about", undefined, undefined, ["sh do", "sh ask x", "done"]],
    ["for which the query of the warning fails", undefined, new Error("broken"), ["sh do", "sh ask x", "done"]],
    ["that fails at a foreign object", FOREIGN, "beware", ["failed"]],
  ])("is asked for a warning after a create %s", async (_what, seen, text, expected) => {
    expect(await events(seen, text, (life) => life.create(inputs))).toEqual(expected);
  });

  test("is not asked after a create that fails", async () => {
    expect(await events(undefined, "beware", (life) => life.create(inputs), fails("no"))).toEqual(["sh do", "failed"]);
  });

  test("warns once for each created object", async () => {
    const twice = async (life: Lifecycle) => {
      await life.create(inputs);
      await life.create({ ...inputs, value: "y" });
    };
    expect(await events(undefined, "beware", twice)).toEqual([
      "sh do",
      "sh ask x",
      "say beware",
      "sh do",
      "sh ask y",
      "say beware",
      "done",
    ]);
  });

  test.each<[string, (life: Lifecycle) => Promise<unknown>, string[]]>([
    ["an update", (life) => life.update("id", inputs, { ...inputs, value: "y" }), ["sh do", "done"]],
    ["a read", (life) => life.read("id", inputs), ["done"]],
    ["a delete", (life) => life.delete("id", inputs), ["sh do", "done"]],
    ["a check", async (life) => life.check({}, inputs), ["done"]],
    ["a diff", async (life) => life.diff("id", inputs, { ...inputs, value: "y" }), ["done"]],
  ])("is not asked at %s", async (_verb, act, expected) => {
    expect(await events(OURS, "beware", act)).toEqual(expected);
  });
});
