import { spawn } from "node:child_process";
import { once } from "node:events";
import { setgroupsFilter } from "../../cli/setgroups-filter.ts";
import type { Sandbox } from "../../tools/sandbox.ts";

/** A frame on the wire. */
export interface Frame {
  readonly bytes: Buffer;
  /** The larger UDP port of an IPv4 packet; undefined for other frames. */
  readonly port: number | undefined;
}

/** Returns the frames that pass an interface of a sandbox during some work. */
export async function sniffed(box: Sandbox, link: string, work: () => Promise<void>): Promise<Frame[]> {
  const [program = "", ...words] = [...box.enter, ...(setgroupsFilter() ?? []), "sh", "-c", SNIFF, "sh", link];
  const sniffer = spawn(program, words, { stdio: ["ignore", "pipe", "pipe"] });
  const closed = once(sniffer, "close");
  const chunks: Buffer[] = [];
  sniffer.stdout.on("data", (chunk: Buffer) => chunks.push(chunk));
  let said = "";
  for await (const chunk of sniffer.stderr.iterator({ destroyOnReturn: false }))
    if (/listening on/.test((said += String(chunk)))) break;
  const [pid] = /^\d+/.exec(said) ?? [];
  if (pid === undefined || !said.includes("listening on")) throw new Error(`tcpdump did not start: ${said}`);
  sniffer.stderr.resume();
  await work();
  await box.run("kill", pid);
  await closed;
  return framesOf(Buffer.concat(chunks));
}

// In a sandbox with one user, tcpdump cannot become another one.
const SNIFF = 'echo $$ >&2; exec tcpdump -Z root -i "$1" -U -w -';

/** Parses a file of tcpdump. */
function framesOf(file: Buffer): Frame[] {
  const frames: Frame[] = [];
  for (let at = HEADER; at + RECORD <= file.length; ) {
    const end = at + RECORD + file.readUInt32LE(at + 8);
    const bytes = file.subarray(at + RECORD, end);
    const isUdp = bytes.readUInt16BE(12) === 0x0800 && bytes[23] === 17;
    frames.push({ bytes, port: isUdp ? Math.max(bytes.readUInt16BE(34), bytes.readUInt16BE(36)) : undefined });
    at = end;
  }
  return frames;
}

const HEADER = 24;
const RECORD = 16;
