/**
 * Vitest's worker in the virtual machine. The character device that is its argument connects it to Vitest, which transforms the
 * modules of the tests on the machine itself.
 */
import { createReadStream, openSync, writeSync } from "node:fs";
import { init, runBaseTests, setupEnvironment } from "vitest/worker";
import { frame, unframe } from "./frames.ts";

const [device = ""] = process.argv.slice(2);
const channel = openSync(device, "r+");
const listeners = new Set<(message: unknown) => void>();
const receive = unframe((message) => {
  for (const listener of listeners) listener(message);
});
createReadStream("", { fd: channel, autoClose: false, highWaterMark: 1 << 20 }).on("data", (chunk) => {
  receive(chunk as Buffer);
});

init({
  post: (message) => {
    const bytes = frame(message);
    for (let sent = 0; sent < bytes.length; ) sent += writeSync(channel, bytes, sent);
  },
  on: (listener) => listeners.add(listener),
  off: (listener) => listeners.delete(listener),
  runTests: (state, traces) => runBaseTests("run", state, traces),
  collectTests: (state, traces) => runBaseTests("collect", state, traces),
  setup: setupEnvironment,
});
