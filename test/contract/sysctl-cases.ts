import { expect } from "vitest";
import { readSysctl, setSysctl } from "../../provider/kernel/tools/sysctl.ts";
import { adviceOf, type Cases, found, outcomeOf } from "./case.ts";
import { RED } from "./set-ups.ts";

/** What sysctl prints. */
export const SYSCTL_CASES: Cases = {
  "the value of a key": {
    setup: RED,
    ask: found((kernel) => readSysctl(kernel, "red", "net.ipv4.ip_forward")),
    is: "0\n",
  },
  "an absent key": { ask: found((kernel) => readSysctl(kernel, undefined, "net.ipv4.nosuch")), is: undefined },
  "a key in an absent namespace": {
    ask: found((kernel) => readSysctl(kernel, "red", "net.ipv4.ip_forward")),
    is: undefined,
  },
  "a key of an absent interface": {
    ask: found((kernel) => readSysctl(kernel, undefined, "net.ipv4.conf.eth0.forwarding")),
    is: undefined,
  },
  "a change of a key": { setup: RED, ask: outcomeOf(setSysctl("red", "net.ipv4.ip_forward", "1")), is: "done" },
  "a change of an absent key": { ask: outcomeOf(setSysctl(undefined, "net.ipv4.nosuch", "1")), is: "absent" },
  "advice for an absent key": {
    ask: adviceOf(setSysctl(undefined, "net.ipv4.nosuch", "1")),
    is: expect.stringMatching(/^the key does not exist/),
  },
  "a change without the capability": {
    ask: outcomeOf("unshare --user sysctl --write net.ipv4.ip_forward=1"),
    is: "denied",
  },
  "a value that is out of range": {
    ask: outcomeOf(setSysctl(undefined, "net.ipv4.tcp_syn_retries", "200")),
    is: "failed",
  },
  "a value that is no number": { ask: outcomeOf(setSysctl(undefined, "net.ipv4.ip_forward", "many")), is: "failed" },
  // sysctl exits with 0.
  "a key that is read-only": {
    ask: outcomeOf(setSysctl(undefined, "net.ipv4.tcp_available_congestion_control", "reno")),
    is: "failed",
  },
  "advice for a value that is out of range": {
    ask: adviceOf(setSysctl(undefined, "net.ipv4.tcp_syn_retries", "200")),
    is: expect.stringMatching(/^the value is out of the key's range/),
  },
};
