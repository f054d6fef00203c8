#!/usr/bin/env node
import { reportFailure } from "./output.ts";
import { makeProgram } from "./program.ts";

// Exit quietly on EPIPE, for example with `| head`.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});

try {
  await makeProgram().parseAsync();
} catch (error) {
  reportFailure(error);
}
