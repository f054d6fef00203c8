import * as pulumi from "@pulumi/pulumi";
import { expect, test } from "vitest";
import { Host, Lan, Link } from "../../sdk/index.ts";
import { lab, preview } from "../support/across-hosts.ts";
import { succeeds } from "../support/edited.ts";

test("secure networks share the tunnels of two lab hosts, and those on one lab host have none", async () => {
  const program = () => {
    const [lab1, lab2, lab3] = [lab("lab1"), lab("lab2"), lab("lab3")];
    const [a, b, c] = [lab1, lab2, lab3].map((host) => new Host(host.name, { host })) as [Host, Host, Host];
    new Link("ab", { a, b, secure: true });
    new Link("ac", { a, b: c });
    new Lan("office", { networks: ["10.0.0.0/24"], spans: [lab2, lab1], secure: true });
    new Lan("single", { networks: ["10.1.0.0/24"], spans: [lab3], secure: true });
  };
  const planned = succeeds(await preview(program));
  expect(planned.filter((step) => / (Command|WireGuard) |-secure/.test(step))).toEqual([
    "create Command lab1-secure-key",
    "create Command lab2-secure-key",
    "create Namespace lab1-secure",
    "create Namespace lab2-secure",
    "create WireGuard lab1-to-lab2",
    "create WireGuard lab2-to-lab1",
  ]);
});

test("the ends of a tunnel have addresses of one network, the same port and an MTU that allows for the headers, and their keys are secrets", async () => {
  const seen = new Map<string, pulumi.Inputs>();
  const secrets: unknown[] = [];
  const program = () => {
    pulumi.runtime.registerStackTransformation(({ name, props, opts }) => {
      seen.set(name, props);
      if (name.endsWith("-key")) secrets.push((opts as pulumi.CustomResourceOptions).additionalSecretOutputs);
      return undefined;
    });
    const spans = [lab("lab2", { address: "fd00::2", mtu: 1400 }), lab("lab1", { address: "fd00::1" })];
    const lan = new Lan("office", { networks: ["10.0.0.0/24"], spans, secure: true, gateways: [] });
    expect(lan.bridge).toBeDefined();
  };
  succeeds(await preview(program));
  const [one, other] = ["lab1-to-lab2", "lab2-to-lab1"].map((name) => seen.get(name) ?? {});
  expect(one).toMatchObject({ name: "lab2", mtu: 1320, underlay: "/" });
  expect(other).toMatchObject({ name: "lab1", mtu: 1320, listenPort: one?.["listenPort"] });
  const [own, far] = [one, other].map((end) => (end?.["addresses"] as string[])[0]?.replace("/31", ""));
  expect(one?.["peers"]).toMatchObject([{ endpoint: `[fd00::2]:${one?.["listenPort"]}`, allowedIps: [`${far}/32`] }]);
  expect(other?.["peers"]).toMatchObject([{ endpoint: `[fd00::1]:${one?.["listenPort"]}`, allowedIps: [`${own}/32`] }]);
  expect(seen.get("office-lab1")).toMatchObject({ flood: [far], mtu: 1270 });
  expect(seen.get("office-lab2")).toMatchObject({ flood: [own], mtu: 1270 });
  expect(await pulumi.isSecret(one?.["privateKey"])).toBe(true);
  expect(secrets).toEqual([["stdout"], ["stdout"]]);
});

test("another first port changes the ports on that lab host, to which the peers send", async () => {
  const seen = new Map<string, pulumi.Inputs>();
  const ports = async (firstSecurePort?: number) => {
    const program = () => {
      pulumi.runtime.registerStackTransformation(({ name, props }) => void seen.set(name, props));
      const more = firstSecurePort === undefined ? {} : { firstSecurePort };
      new Lan("office", { networks: ["10.0.0.0/24"], spans: [lab("lab1"), lab("lab2", more)], secure: true });
    };
    succeeds(await preview(program));
    return ["lab1-to-lab2", "lab2-to-lab1"].map((name) => {
      const { listenPort, peers } = seen.get(name) ?? {};
      return { own: listenPort as number, far: Number(peers[0].endpoint.split(":")[1]) };
    });
  };
  const [usual] = await ports();
  const common = usual?.own ?? 0;
  expect(usual?.far).toBe(common);
  expect(await ports(40_000)).toEqual([
    { own: common, far: common + 20_000 },
    { own: common + 20_000, far: common },
  ]);
});

test("no two tunnels of one lab host have the same port or address", async () => {
  const ends: { place: string; port: number; address: string }[] = [];
  const program = () => {
    pulumi.runtime.registerStackTransformation(({ name, props }) => {
      const [, place] = /^(.*)-to-/.exec(name) ?? [];
      if (place !== undefined) ends.push({ place, port: props["listenPort"], address: props["addresses"][0] });
      return undefined;
    });
    const spans = [lab("lab1"), lab("lab2"), lab("lab3")];
    new Lan("office", { networks: ["10.0.0.0/24"], spans, secure: true });
  };
  succeeds(await preview(program, {}, IN_CONFLICT));
  expect(ends).toHaveLength(6);
  for (const property of ["port", "address"] as const)
    expect(new Set(ends.map((end) => `${end.place} ${end[property]}`)).size).toBe(6);
  expect(new Set(ends.map(({ port }) => port))).toContain(CONFLICT_PORT + 1);
});

/** A stack in which two tunnels of lab1 prefer the same port and address. */
const IN_CONFLICT = "dev2474";
const CONFLICT_PORT = 29_099;
