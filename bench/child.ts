import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import * as v from "valibot";
import type { Sandbox } from "../tools/sandbox.ts";

/** A process in a sandbox that runs one verb at a time and measures the time itself. */
export interface Child extends AsyncDisposable {
  ask(verb: string): Promise<Reply>;
}

export type Reply = v.InferOutput<typeof REPLY>;

/** Starts a child and waits until it is ready. It reads one verb per line, and answers each with a line of JSON. */
export async function openChild({ enter }: Sandbox, words: readonly string[]): Promise<Child> {
  const [program = "", ...args] = [...enter, ...words];
  const child = spawn(program, args, { stdio: ["pipe", "pipe", "pipe"] });
  let complaint = "";
  child.stderr.on("data", (text) => (complaint = `${complaint}${String(text)}`.slice(-4000)));
  const ended = new Promise<undefined>((resolve) => child.once("close", () => resolve(undefined)));
  const lines: AsyncIterator<string, undefined> = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const hear = async (): Promise<Reply> => {
    for (;;) {
      const line = await lines.next();
      if (line.done === true) throw new Error(`${words.join(" ")} has ended: ${complaint}`);
      // Other output of a tool is ignored.
      if (line.value.startsWith("{")) return v.parse(REPLY, JSON.parse(line.value));
    }
  };
  await hear();
  return {
    async ask(verb) {
      child.stdin.write(`${verb}\n`);
      const reply = await hear();
      if (reply.error !== undefined) throw new Error(`${words.join(" ")}: ${verb}: ${reply.error}\n${complaint}`);
      return reply;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await ended;
    },
  };
}

const REPLY = v.object({
  ms: v.optional(v.number(), 0),
  error: v.optional(v.string()),
  /** A process in each namespace of the lab, for tools whose namespaces have no names. */
  pids: v.optional(v.record(v.string(), v.number())),
});
