import { expect, test } from "vitest";
import { adviceFor } from "../../provider/advice.ts";
import { runProgram } from "../../provider/kernel/tools/run.ts";

const RUN = runProgram({ namespace: undefined, command: ["true"], env: {}, cwd: "/", timeout: 1000 });

const TRACE = 'A shell prints each command that it runs with -x: ["sh", "-exc", "…"]';

test.each([
  ["the command ended with exit code 1. It printed nothing", `see where it fails. ${TRACE}`],
  ["the command ended with exit code 1. Its output:\nno", "fix the error that its output shows"],
  // The program's own output is no answer of the kernel.
  [
    "the command ended with exit code 1. Its output:\nError: Unknown device type.",
    "fix the error that its output shows",
  ],
  [
    "the program ended at once. Last lines of /run/it.log:\npulumi-netns: sh ended with exit code 3",
    `the program printed nothing that tells why. ${TRACE}. The program of a Process must run as long as the lab exists`,
  ],
  [
    "the program ended at once. Last lines of /run/it.log:\nno\npulumi-netns: sh ended with exit code 3",
    "fix the error that these lines show. The program of a Process must run as long as the lab exists",
  ],
  [
    "the program ended at once. Last lines of /run/it.log:\npulumi-netns: frr ended with exit code 127",
    "install frr with the package manager of the lab host, or give the path of the program",
  ],
  [
    "the program is not ready after 1 s: no program listens on TCP port 80. It has printed nothing",
    `raise ready.timeout, or see why it waits. ${TRACE}`,
  ],
])("the help after %j is for a program", (said, help) => {
  expect(adviceFor(RUN, said)).toBe(help);
  expect(adviceFor(RUN, `${said}\n`)).toBe(help);
});
