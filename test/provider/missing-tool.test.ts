import { expect, test } from "vitest";
import { installHelp, missingTool } from "../../provider/missing-tool.ts";

test.each([
  [127, "sh: 25: nft: not found\n", "nft"],
  [127, "sh: 1: exec: /usr/sbin/tc: not found", "tc"],
  [127, "sh: line 3: bridge: command not found", "bridge"],
  [127, "-sh: wg: not found", "wg"],
  [255, 'exec of "sysctl" failed: No such file or directory\n', "sysctl"],
  [127, "nsenter: failed to execute ip: No such file or directory", "ip"],
  [127, "env: ‘timeout’: No such file or directory", "timeout"],
  [127, "spawn ip ENOENT", "ip"],
  [127, "Command failed with ENOENT: ip -V\nspawn ip ENOENT", "ip"],
])("exit code %j with %j names the missing tool", (code, stderr, tool) => {
  expect(missingTool({ code, stdout: "", stderr })).toBe(tool);
  expect(missingTool({ code, stdout: "", stderr, lost: "broken" })).toBeUndefined();
});

test.each([
  [1, "sh: 25: nft: not found"],
  [2, "Error: ipv4: Address not found."],
  [127, "the command ended with exit code 127. Its output:\nsh: 1: frr: not found"],
  [1, 'Cannot open network namespace "red": No such file or directory'],
  [1, ""],
])("exit code %j with %j does not mean that a tool is missing", (code, stderr) => {
  expect(missingTool({ code, stdout: "", stderr })).toBeUndefined();
});

test.each([
  ["nft", "install the package nftables there"],
  ["ping", "install the package iputils-ping there; in Fedora, iputils"],
  ["frr", "install frr there with the system's package manager"],
])("the help for %s names its package", (tool, help) => {
  expect(installHelp(tool)).toBe(help);
});
