import { expect } from "vitest";
import type { LabHost } from "../../inspect/lab-host.ts";
import { type Ping, sendPing } from "../../inspect/ping.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import { type TraceOptions, trace } from "../../inspect/trace/trace.ts";

/** Traces a ping after a real one, checks that both are answered or both are lost, and returns the trace with the error of the ping. */
export async function traced(host: LabHost, ping: Ping, options?: TraceOptions) {
  const { received, said } = await sendPing(host, ping);
  const found = await trace(host, ping.from, ping.to, options);
  const isAnswered = found.outcome.kind === "answered";
  // A ping is lost with a neighbor entry that waits for an answer since before a repair; the trace has sent others later.
  const later = isAnswered && received === 0 ? (await sendPing(host, ping)).received : received;
  expect([showTrace(found), later > 0]).toEqual([showTrace(found), isAnswered]);
  return { ...found, said };
}
