#!/usr/bin/env node
import { faultOfNode } from "./node-version.ts";

// Exit quietly on EPIPE, for example with `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

const fault = faultOfNode(process.versions.node);
if (fault === undefined) await run();
else {
  process.stderr.write(`error: ${fault}\n`);
  process.exitCode = 1;
}

/** Runs the command. Its modules are loaded here, because an older Node fails while it loads them. */
async function run(): Promise<void> {
  const [{ reportFailure }, { makeProgram }] = await Promise.all([import("./output.ts"), import("./program.ts")]);
  try {
    await makeProgram().parseAsync();
  } catch (error) {
    reportFailure(error);
  }
}
