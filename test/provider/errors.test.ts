import { describe, expect, test } from "vitest";
import { classifyFailure, KernelError, MovedStateError } from "../../provider/errors.ts";
import { ForeignError } from "../../provider/existing-object.ts";
import { dev, ip } from "../../provider/kernel/tools/ip.ts";
import { recordedStderr } from "../contract/recording.ts";

describe("classify", () => {
  // test/contract/ has recordings of the errors that a test machine can cause.
  test.each([
    ["RTNETLINK answers: Cannot assign requested address", "absent"],
    ["RTNETLINK answers: No such device", "absent"],
    ['setting the network namespace "it\'s $(odd)" failed: Invalid argument\n', "absent"],
    ["nsenter: cannot open /var/run/netns/x: No such file or directory", "absent"],
    ["nsenter: reassociate to namespace 'ns/net' failed: Invalid argument", "absent"],
    ["nsenter: reassociate to namespace 'ns/net' failed: Operation not permitted", "denied"],
    ["mkdir /run/netns failed: Permission denied", "denied"],
    ['Cannot open network namespace "x": Permission denied', "denied"],
    ['sysctl: permission denied on key "net.ipv4.ip_forward"', "denied"],
    ["Error: Could not process rule: Operation not permitted (you must be root)", "denied"],
    ["RTNETLINK answers: Invalid argument", "failed"],
    ['setting the network namespace "x" failed: Bad file descriptor', "failed"],
    ['setting the network namespace "x"\n failed: Invalid argument', "failed"],
    ["Error: Exclusivity flag on, cannot modify.", "exists"],
    ["Error: Cannot delete qdisc with handle of zero.", "absent"],
    ["Error: Invalid handle.", "absent"],
    ["Error: Cannot find specified filter chain.\nWe have an error talking to the kernel", "absent"],
    ["Error: Parent Qdisc doesn't exists.\nWe have an error talking to the kernel", "absent"],
    ["Error: Specified qdisc kind is unknown.", "unsupported"],
    ["", "failed"],
  ])("reads %j as %s", (stderr, reason) => {
    expect(classifyFailure({ code: 2, stdout: "", stderr })).toBe(reason);
  });

  test.each([
    "Cannot open network namespace: No such file or directory\nmkdir /run/netns failed: Permission denied",
    "RTNETLINK answers: Operation not permitted\nDevice does not exist",
    "Permission denied: File exists",
  ])("reads %j as denied, in spite of other errors in it", (stderr) => {
    expect(classifyFailure({ code: 1, stdout: "", stderr })).toBe("denied");
  });

  test("ignores the message about a file that could not be mounted", () => {
    const bind = "Bind /etc/netns/red/resolv.conf -> /etc/resolv.conf failed: No such file or directory\n";
    expect(classifyFailure({ code: 1, stdout: "", stderr: `${bind}nft: syntax error\n` })).toBe("failed");
    expect(classifyFailure({ code: 1, stdout: "", stderr: `${bind}Error: File exists\n` })).toBe("exists");
  });

  test("ignores the standard output", () => {
    expect(classifyFailure({ code: 1, stdout: "does not exist", stderr: "" })).toBe("failed");
  });

  test("reads a tool that is not installed as a failure, not as an absent object", () => {
    expect(classifyFailure({ code: 127, stdout: "", stderr: "spawn nft: No such file or directory" })).toBe("failed");
  });

  test("reads a tool that is not installed in a namespace as a failure, too", () => {
    expect(classifyFailure({ code: 1, stdout: "", stderr: 'exec of "nft" failed: No such file or directory' })).toBe(
      "failed",
    );
  });
});

describe("an error of a command", () => {
  const command = ip("red", "link", "show", dev("eth0"));
  const said = (title: string) => recordedStderr("iproute2", title);

  test.each([
    [
      said("a link without the capability"),
      `ip -n red link show dev eth0
  failed: RTNETLINK answers: Operation not permitted
  help: network changes need CAP_NET_ADMIN. Run as root; on a LabHost, log in as root or set sudo: true; or without root in a sandbox: pulumi-netns sandbox`,
    ],
    [
      said("an IPv4 gateway that is unreachable"),
      `ip -n red link show dev eth0
  failed: Error: Nexthop has invalid gateway.
  help: the gateway must be in a network in which the namespace has an address, on a link that is up. Declare that Address, or set interface`,
    ],
    [
      said("a query of an absent namespace"),
      `ip -n red link show dev eth0
  failed: Cannot open network namespace "red": No such file or directory
  help: the namespace does not exist. Refer to the Namespace instead of writing its name, so that it is created before. If it was deleted outside of Pulumi, run \`pulumi refresh\`, then \`pulumi up\` to create it again`,
    ],
    [
      said("a change of an absent link"),
      `ip -n red link show dev eth0
  failed: Cannot find device "eth0"
  help: the interface does not exist there. If it was deleted outside of Pulumi, run \`pulumi refresh\`, then \`pulumi up\` to create it again`,
    ],
    [
      said("an unknown device type"),
      `ip -n red link show dev eth0
  failed: Error: Unknown device type.
  help: this kernel has no links of this kind. Load its module: \`modprobe MODULE\`; if there is none, install the package with the kernel's other modules`,
    ],
    [
      "spawn ip ENOENT",
      `ip is not installed
  needed by: ip -n red link show dev eth0
  help: install the package iproute2 there; in Fedora, iproute`,
    ],
    [
      "the program ended at once. Last lines of /run/it.log:\nweb: bind: Permission denied",
      `ip -n red link show dev eth0
  failed: the program ended at once. Last lines of /run/it.log:
web: bind: Permission denied
  help: fix the error that these lines show. The program of a Process must run as long as the lab exists`,
    ],
    ["  \n", "ip -n red link show dev eth0\n  failed: exit code 1 (no output)"],
    [
      "RTNETLINK answers: Invalid argument",
      "ip -n red link show dev eth0\n  failed: RTNETLINK answers: Invalid argument",
    ],
  ])("with the answer %j has the command, the answer and advice", (stderr, message) => {
    expect(new KernelError(command, { code: 1, stdout: "", stderr }).message).toBe(message);
  });

  // The sysctl key of an interface disappears with the interface.
  test.each([
    [{ tool: "sysctl", args: ["--write", "net.ipv4.conf.p3.proxy_arp=0"] } as const, "", true],
    [{ tool: "sysctl", args: ["--write", "net.ipv4.conf.p3.proxy_arp=0"] } as const, "Invalid argument", false],
    [command, "", false],
  ])("of %j with the answer %j is transient: %j", (failed, stderr, isTransient) => {
    expect(new KernelError(failed, { code: 1, stdout: "", stderr }).isTransient).toBe(isTransient);
  });

  test("has its reason and its command", () => {
    const error = new KernelError(command, { code: 1, stdout: "", stderr: "File exists" });
    expect([error.name, error.reason, error.command]).toEqual(["KernelError", "exists", command]);
  });
});

test.each([
  [
    undefined,
    true,
    `Bridge br0 already exists and is not managed by pulumi-netns
  help: give this resource another name, or delete the existing object, or take it over with adopt: true`,
  ],
  [
    undefined,
    false,
    `Bridge br0 already exists and is not managed by pulumi-netns
  help: give this resource another name, or delete the existing object; it is of another kind, so adopt cannot take it over`,
  ],
  [
    "the uplink of the lab",
    true,
    `Bridge br0 already exists and is not managed by pulumi-netns
  help: give this resource another name, or delete the existing object, or take it over with adopt: true`,
  ],
  [
    "pulumi-netns:lab/prod:it@0123abcd",
    true,
    `Bridge br0 already exists and belongs to the stack lab/prod
  help: give this resource another name, or delete the existing object with that stack's program, or take it over with adopt: true`,
  ],
  [
    "pulumi-netns:lab/prod@11111111:it@0123abcd",
    false,
    `Bridge br0 already exists and belongs to the stack lab/prod
  help: give this resource another name, or delete the existing object with that stack's program; it is of another kind, so adopt cannot take it over`,
  ],
  [
    "pulumi-netns:lab/dev@22222222:it@0123abcd",
    true,
    `Bridge br0 already exists and belongs to another stack named lab/dev, whose state is in another backend
  help: give this resource another name, or delete the existing object with that stack's program, or take it over with adopt: true`,
  ],
])(
  "the error about an existing object with the mark %s names its owner, and suggests adopt if it is of the same kind: %j",
  (found, sameKind, message) => {
    const error = new ForeignError("Bridge br0", found, "pulumi-netns:lab/dev@11111111:it@0123abcd", { sameKind });
    expect([error.name, error.message]).toEqual(["ForeignError", message]);
  },
);

test.each([
  ["lab/dev@11111111", "lab/dev"],
  ["lab/dev", "lab/dev"],
])("the error about a state of %s in another backend says how to continue", (stack, name) => {
  const error = new MovedStateError(stack, "11111111");
  expect([error.name, error.message]).toEqual([
    "MovedStateError",
    `the state of stack ${name} was written in another folder, and its objects belong to the stack in that folder
  help: if the folder was moved, run \`PULUMI_NETNS_MOVED_FROM=11111111 pulumi up\` once. If it was copied, create a stack with another name: \`pulumi stack init\``,
  ]);
});
