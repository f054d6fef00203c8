import { expect, test } from "vitest";
import { adviceFor } from "../../provider/advice.ts";
import type { Command } from "../../provider/kernel/command.ts";
import { writeFile } from "../../provider/kernel/tools/files.ts";
import { dev, ip } from "../../provider/kernel/tools/ip.ts";
import { writeFileBelow } from "../../provider/kernel/tools/process-files.ts";
import { runProgram } from "../../provider/kernel/tools/run.ts";

const RUN = runProgram({ namespace: undefined, command: ["true"], env: {}, cwd: "/", timeout: 1000 });
const FULL = "No space left on device";

test.each<[Command, string, RegExp]>([
  [
    writeFileBelow("/run/pulumi-netns/it.files", "conf/main", "x", false),
    `cat: write error: ${FULL}`,
    /^the file system of \/run\/pulumi-netns is full, as `df \/run\/pulumi-netns` or, .* `df -i \/run\/pulumi-netns` shows/,
  ],
  [
    writeFileBelow("/run/pulumi-netns/it.files", "main", "x", false),
    `mkdir: cannot create directory ‘/run/pulumi-netns’: ${FULL}`,
    /`df \/run`/,
  ],
  [writeFile("/etc/netns/red/hosts", "x"), `tee: /etc/netns/red/hosts: ${FULL}`, /`df \/etc\/netns\/red`/],
  [writeFile("/etc/netns/red/hosts", "x"), "tee: /etc/netns/red/hosts: Disk quota exceeded", /`df \/etc\/netns\/red`/],
  [RUN, `mktemp: failed to create file via template ‘/tmp/tmp.XXXXXXXXXX’: ${FULL}`, /`df \/tmp`/],
  [RUN, `sh: 1: cannot create /run/it.log: ${FULL}`, /`df \/run`/],
  [ip(undefined, "netns", "add", "red"), `Cannot create namespace file "/run/netns/red": ${FULL}`, /`df \/run\/netns`/],
  [
    ip(undefined, "netns", "add", "red"),
    `Failed to create a new network namespace "red": ${FULL}`,
    /^a limit of this machine leaves no room for a namespace\. Raise it: sysctl -w user\.max_net_namespaces=100000$/,
  ],
  [
    { ...RUN, namespace: "red" },
    `unshare failed: ${FULL}`,
    /^a limit of this machine leaves no room for a program in a namespace\. .*user\.max_mnt_namespaces=100000$/,
  ],
  [
    ip("red", "link", "set", dev("eth0"), "up"),
    `RTNETLINK answers: ${FULL}`,
    /^the kernel has no room for another object of this kind: a limit of this machine is reached$/,
  ],
])("the help for %j after %s names what is full", (command, said, help) => {
  expect(adviceFor(command, said)).toMatch(help);
});
