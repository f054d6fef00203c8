import { expect, test } from "vitest";
import { Bridge, Ifb, type InterfaceRef, Macvlan, Namespace, Veth } from "../../sdk/index.ts";
import { addressesOf, edit, failure, host, ip, labHostForEachTest } from "../support/edited.ts";

/* Names and alternative names, which share one name space in the kernel, pass from one link of a stack to another. */

labHostForEachTest();

/** The links of the lab host by their names, each with its alternative names. */
const namesOfLinks = async () =>
  Object.fromEntries(
    (await ip("link", "show")).flatMap(({ ifname, altnames = [] }) => (ifname === "lo" ? [] : [[ifname, altnames]])),
  );

test("a bridge keeps its alternative name when its resource name and its own name change", async () => {
  await edit(() => new Bridge("one", { name: "eth1", altname: "lan" }));
  await edit(() => new Bridge("two", { name: "br1", altname: "lan" }));
  expect(await namesOfLinks()).toEqual({ br1: ["lan"] });
});

test("a veth end and a macvlan keep their alternative names when their resource names and own names change", async () => {
  const lab = (version: string) => () => {
    const wire = new Veth(`wire-${version}`, {
      a: { name: `a-${version}`, altname: "left-end" },
      b: { name: `b-${version}`, altname: "right-end" },
    });
    new Macvlan(`child-${version}`, { name: `mv-${version}`, link: wire.a, altname: "web-uplink" });
  };
  for (const version of ["1", "2", "3"]) {
    await edit(lab(version));
    expect(await namesOfLinks()).toEqual({
      [`a-${version}`]: ["left-end"],
      [`b-${version}`]: ["right-end"],
      [`mv-${version}`]: ["web-uplink"],
    });
  }
});

test("the alternative name of a link becomes the name of another link, and the first link is not replaced", async () => {
  const first = () => new Bridge("one", { name: "eth1", altname: "lan", addresses: ["10.1.0.1/24"] });
  const second = () => {
    new Bridge("one", { name: "eth1", addresses: ["10.1.0.1/24"] });
    new Bridge("two", { name: "lan", addresses: ["10.2.0.1/24"] });
  };
  await edit(first);
  const [{ ifindex }] = await ip("link", "show", "dev", "eth1");
  for (let round = 0; round < 2; round += 1) {
    await edit(second);
    expect(await namesOfLinks()).toEqual({ eth1: [], lan: [] });
    expect([await addressesOf(undefined, "eth1"), await addressesOf(undefined, "lan")]).toEqual([
      ["10.1.0.1/24"],
      ["10.2.0.1/24"],
    ]);
    expect((await ip("link", "show", "dev", "eth1"))[0].ifindex).toBe(ifindex);
    await edit(first);
    expect(await namesOfLinks()).toEqual({ eth1: ["lan"] });
  }
});

test("two bridges exchange their alternative names", async () => {
  const lab = (one: string, two: string) => () => {
    new Bridge("one", { name: "br1", altname: one });
    new Bridge("two", { name: "br2", altname: two });
  };
  await edit(lab("office", "guests"));
  await edit(lab("guests", "office"));
  expect(await namesOfLinks()).toEqual({ br1: ["guests"], br2: ["office"] });
});

test("the name and the alternative name of a foreign link are refused", async () => {
  await host.run("ip", "link", "add", "name", "eth9", "type", "ifb");
  await host.run("ip", "link", "property", "add", "dev", "eth9", "altname", "uplink");
  for (const name of ["eth9", "uplink"])
    expect(await failure(() => new Bridge("one", { name }))).toContain(`Bridge ${name} already exists`);
  expect(await failure(() => new Bridge("one", { name: "br1", altname: "uplink" }))).toContain("File exists");
  expect(await namesOfLinks()).toEqual({ eth9: ["uplink"] });
  await host.run("ip", "link", "delete", "dev", "eth9");
});

test("a name passes from a link of one kind to a link of another kind", async () => {
  const lab = (kind: "bridge" | "ifb" | "pair") => () => {
    if (kind === "bridge") new Bridge("one", { name: "x0", addresses: ["10.1.0.1/24"] });
    else if (kind === "ifb") new Ifb("two", { name: "x0", addresses: ["10.1.0.1/24"] });
    else new Veth("three", { a: { name: "x0", addresses: ["10.1.0.1/24"] }, b: { name: "y0" } });
  };
  for (const kind of ["bridge", "ifb", "pair", "bridge", "pair", "ifb"] as const) {
    await edit(lab(kind));
    const [link] = await ip("-details", "link", "show", "dev", "x0");
    expect(link.linkinfo.info_kind).toBe(kind === "pair" ? "veth" : kind);
    expect(await addressesOf(undefined, "x0")).toEqual(["10.1.0.1/24"]);
  }
});

test("a macvlan whose parent is replaced is created again, with its addresses and default route", async () => {
  const lab = (parent: "wire" | "bridge", name: string) => () => {
    const red = new Namespace("red");
    const wire = new Veth("wire", {
      a: { name: parent === "wire" ? name : "other" },
      b: { name: "peer", addresses: ["10.1.0.1/24"] },
    });
    const bridge = new Bridge("lan", { name: parent === "bridge" ? name : "lan", addresses: ["10.1.0.1/24"] });
    const link: InterfaceRef = parent === "wire" ? wire.a : bridge;
    new Macvlan("child", { name: "mv0", namespace: red, link, addresses: ["10.1.0.7/24"], gateways: ["10.1.0.1"] });
  };
  for (const [parent, name] of [
    ["wire", "x0"],
    ["wire", "x1"],
    ["bridge", "x1"],
    ["bridge", "x0"],
    ["wire", "x1"],
  ] as const) {
    await edit(lab(parent, name));
    const [{ ifindex }] = await ip("link", "show", "dev", name);
    expect((await ip("-n", "red", "link", "show", "dev", "mv0"))[0].link_index).toBe(ifindex);
    expect(await addressesOf("red", "mv0")).toEqual(["10.1.0.7/24"]);
    expect(await ip("-n", "red", "route", "show", "default")).toMatchObject([{ gateway: "10.1.0.1", dev: "mv0" }]);
  }
});
