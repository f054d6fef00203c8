#!/usr/bin/env node
import { failure } from "./output.ts";
import { makeProgram } from "./program.ts";

try {
  await makeProgram().parseAsync();
} catch (error) {
  failure(error);
}
