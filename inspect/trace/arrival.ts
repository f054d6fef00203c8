import type { Place } from "../place.ts";
import type { Packet, PathEnd, TraceContext } from "./packet.ts";

/** Returns why a place does not answer a packet that it receives; undefined if it does. */
export async function unanswered(context: TraceContext, place: Place, packet: Packet): Promise<PathEnd | undefined> {
  const died = (cause: "echo-ignored" | "no-listener", detail: string): PathEnd => ({
    kind: "died",
    place,
    cause,
    detail,
  });
  if (context.protocol !== "icmp") {
    return (await listens(context, place, packet)) ? undefined : died("no-listener", String(packet.port));
  }
  const key = context.family === "inet" ? "net.ipv4.icmp_echo_ignore_all" : "net.ipv6.icmp.echo_ignore_all";
  const { stdout } = await context.host.run(place, "sysctl", "--values", key);
  return stdout.trim() === "1" ? died("echo-ignored", key) : undefined;
}

/** Returns whether a program listens on the port; true if that cannot be determined. */
async function listens({ host, protocol, family }: TraceContext, place: Place, { destination, port = 0 }: Packet) {
  const sockets = ["--no-header", "--numeric", "--listening", `--${protocol}`, `sport = :${port}`];
  const { code, stdout } = await host.run(place, "ss", ...sockets);
  if (code !== 0) return true;
  const addresses = [...stdout.matchAll(/^.*?(\S+):\d+\s+\S+:\*/gm)].map(([, address = ""]) =>
    address.replaceAll(/[[\]]|%.*$/g, ""),
  );
  const any = family === "inet" ? ["*", "0.0.0.0"] : ["*", "::"];
  return addresses.some((address) => address === destination || any.includes(address));
}
