// @kernel netem
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Sandbox, sandbox } from "../../tools/sandbox.ts";
import { openLocalStack } from "../support/local-stack.ts";

let host: Sandbox;

beforeEach(async () => {
  host = await sandbox();
});

afterEach(() => host[Symbol.asyncDispose]());

test("the netem of a LAN applies to both directions of every cable, and a host, an end or a pair of hosts can have its own", async () => {
  const stack = openLocalStack(host, "cables");
  stack.program(`
    import { Host, Lan, Link, Router } from "pulumi-netns";
    const lan = new Lan("lan", {
      networks: ["10.1.0.0/24"],
      gateways: [],
      netem: { delay: "10ms" },
      hosts: [
        { name: "far", interface: "eth0" },
        { name: "near", interface: "eth0", netem: { delay: "1ms" } },
      ],
      pairs: [{ from: "far", to: "near", netem: { delay: "30ms" } }],
    });
    const guest = new Host("guest");
    lan.join(guest, { interface: "eth0", netem: { loss: "1%" } });
    const edge = new Router("edge");
    new Link("line", { a: edge, b: guest, networks: ["10.0.0.0/31"], netem: { a: { rate: "10mbit" } } });
  `);
  await stack.up();
  const shown = async (...at: string[]) =>
    JSON.parse(await host.run("tc", ...at, "-json", "qdisc", "show")).flatMap((qdisc: any) =>
      qdisc.kind === "netem" ? [[qdisc.dev, qdisc.options.delay?.delay ?? qdisc.options.rate?.rate ?? "loss"]] : [],
    );
  expect(Object.fromEntries(await shown())).toEqual({ "lan-far": 0.01, "lan-near": 0.001, "lan-guest": "loss" });
  expect(await shown("-n", "far")).toEqual([
    ["eth0", 0.01],
    ["eth0", 0.03],
  ]);
  expect(await shown("-n", "near")).toEqual([["eth0", 0.001]]);
  expect(await shown("-n", "guest")).toEqual([["eth0", "loss"]]);
  expect(await shown("-n", "edge")).toEqual([["line", 1_250_000]]);
  await stack.destroy();
});
