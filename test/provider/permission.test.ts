import { describe, expect, test } from "vitest";
import { missingCapability } from "../../provider/permission.ts";

const NO_NAMESPACES =
  "this process cannot create or enter namespaces (CAP_SYS_ADMIN is missing), so `pulumi up` of a program with namespaces will fail\n" +
  "  help: run pulumi as root; in a container, with docker run --privileged, or --cap-add NET_ADMIN --cap-add SYS_ADMIN " +
  "--security-opt apparmor=unconfined; or without root in a sandbox: pulumi-netns sandbox";

const ADVICE =
  "this process cannot change networks (CAP_NET_ADMIN is missing), so `pulumi up` will fail\n" +
  "  help: run pulumi as root, or without root in a sandbox: pulumi-netns sandbox";

const ALL = "000001ffffffffff";
const ALL_BUT_NET_ADMIN = "000001ffffffefff";
const status = (effective: string, others = ALL) =>
  [
    "Name:\tnode",
    "Uid:\t1000\t1000\t1000\t1000",
    `CapInh:\t${others}`,
    `CapPrm:\t${others}`,
    `CapEff:\t${effective}`,
    `CapBnd:\t${others}`,
    `CapAmb:\t${others}`,
    "NoNewPrivs:\t0",
    "",
  ].join("\n");

describe("no capability is missing", () => {
  test.each([
    ["with all capabilities", ALL],
    ["with those of root in a container", "000001fffeffffff"],
    ["with CAP_NET_ADMIN and CAP_SYS_ADMIN alone", "0000000000201000"],
    ["with these and their neighbours", "0000000000703800"],
    ["with more capabilities than there are today", "ffffffffffffffff"],
    ["with capabilities in fewer digits", "201000"],
  ])("%s", (_what, effective) => {
    expect(missingCapability(status(effective))).toBeUndefined();
    expect(missingCapability(status(effective, "0000000000000000"))).toBeUndefined();
  });
});

describe("the capability to create namespaces is missing", () => {
  test.each([
    ["without CAP_SYS_ADMIN alone", "000001ffffdfffff"],
    ["with CAP_NET_ADMIN alone", "0000000000001000"],
    ["with those of a container that may administer networks", "00000000a80435fb"],
    ["with the neighbours of CAP_SYS_ADMIN", "0000000000501000"],
    ["with capability 53, 32 bits above CAP_SYS_ADMIN", "0020000000001000"],
  ])("%s, with any permitted capabilities", (_what, effective) => {
    expect(missingCapability(status(effective))).toBe(NO_NAMESPACES);
  });
});

describe("the capability to change networks is missing", () => {
  test.each([
    ["without capabilities", "0000000000000000"],
    ["without CAP_NET_ADMIN alone", ALL_BUT_NET_ADMIN],
    ["with only the capability below CAP_NET_ADMIN", "0000000000000800"],
    ["with only the capability above CAP_NET_ADMIN", "0000000000002000"],
    ["with only capability 44, 32 bits above CAP_NET_ADMIN", "0000100000000000"],
  ])("%s, with any permitted capabilities", (_what, effective) => {
    expect(missingCapability(status(effective))).toBe(ADVICE);
  });

  test.each([
    ["is empty", ""],
    ["has no effective capabilities", `CapPrm:\t${ALL}\nCapBnd:\t${ALL}\n`],
    ["has CapEff within another line", `Name:\tCapEff: ${ALL}\n`],
    ["has no number", "CapEff:\tall\n"],
  ])("if the status file %s", (_what, told) => {
    expect(missingCapability(told)).toBe(ADVICE);
  });
});
