import type { Place } from "../place.ts";
import type { Packet, PathEnd, TraceContext } from "./packet.ts";

/**
 * Returns why a place does not answer a packet that it receives; undefined if it does.
 *
 * @param notes Receives which program listens on the port.
 */
export async function unanswered(
  context: TraceContext,
  place: Place,
  packet: Packet,
  notes: string[],
): Promise<PathEnd | undefined> {
  const died = (cause: "echo-ignored" | "no-listener", detail: string): PathEnd => ({
    kind: "died",
    place,
    cause,
    detail,
  });
  if (context.protocol !== "icmp") {
    const found = await listeners(context, place, packet);
    if (found?.length === 0) return died("no-listener", String(packet.port));
    const programs = programsOf(found ?? []);
    if (programs.length > 0) notes.push(`received by ${programs.join(" or ")}`);
    return undefined;
  }
  const key = context.family === "inet" ? "net.ipv4.icmp_echo_ignore_all" : "net.ipv6.icmp.echo_ignore_all";
  const { stdout } = await context.host.run(place, "sysctl", "--values", key);
  return stdout.trim() === "1" ? died("echo-ignored", key) : undefined;
}

/** Returns the lines of `ss` about the sockets that listen on the port of a packet; undefined if they cannot be listed. */
async function listeners(
  { host, protocol, family }: TraceContext,
  place: Place,
  { destination, port = 0 }: Packet,
): Promise<string[] | undefined> {
  const sockets = ["--no-header", "--numeric", "--processes", "--listening", `--${protocol}`, `sport = :${port}`];
  const { code, stdout } = await host.run(place, "ss", ...sockets);
  if (code !== 0) return undefined;
  const addresses = [destination, "*", family === "inet" ? "0.0.0.0" : "::"];
  return stdout.split("\n").filter((line) => {
    const [, address] = /^.*?(\S+):\d+\s+\S+:\*/.exec(line) ?? [];
    return address !== undefined && addresses.includes(address.replaceAll(/[[\]]|%.*$/g, ""));
  });
}

/** Returns the programs that have sockets, from lines of `ss` that end with `users:(("nginx",pid=7,fd=6),("nginx",pid=8,fd=6))`. */
function programsOf(lines: readonly string[]): string[] {
  const users = [...lines.join("\n").matchAll(/\("([^"]*)",pid=(\d+),/g)];
  const byName = Map.groupBy(users, ([, name]) => name);
  return [...byName].map(([name, all]) => {
    const pids = [...new Set(all.map(([, , pid]) => Number(pid)))].toSorted((one, other) => one - other);
    return `${name} (${pids.length === 1 ? "process" : "processes"} ${pids.join(", ")})`;
  });
}
