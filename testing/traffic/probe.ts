import { addressesOf, listInterfaces } from "../../inspect/interfaces.ts";
import { placeName } from "../../inspect/place.ts";
import { familyOf, parseIp } from "../../provider/cidr.ts";
import { UserError } from "../../provider/message.ts";
import { ownFile } from "../../provider/own-file.ts";
import type { Host, Path } from "../host.ts";
import type { ProbeOutcome } from "./probe-program.ts";

/** Where a probe listens, if it is not at the destination itself. */
export interface ProbeOptions {
  /**
   * The host on which the probe listens, if the address belongs to another host that forwards the port, such as a router.
   *
   * @default the host that has the address
   */
  readonly at?: Host;
  /**
   * The port on which the probe listens there.
   *
   * @default the port of the destination
   */
  readonly listenPort?: number;
}

/** A probe: its protocol and port, and where it listens. */
export interface Probe extends ProbeOptions {
  readonly protocol: "tcp" | "udp";
  readonly port: number;
  /** The time for which data is sent, in seconds; without it a connection or a packet is enough. */
  readonly seconds?: number;
}

/** Returns the address at the end of a path: the destination, or the first global address of the host. */
export async function addressOf({ destination }: Path): Promise<string> {
  if (typeof destination === "string") return parseIp(destination) ?? destination;
  const [address] = addressesOf(await listInterfaces(destination.labHost), destination.place);
  if (address === undefined)
    throw new UserError(`${placeName(destination.place)} has no address`, "give it an address");
  return address;
}

/**
 * Starts a program that listens at the end of a path, unless one listens there already, and sends a probe to it along the path.
 *
 * @param then Receives the outcome while the program still listens.
 */
export async function sendProbe<Result>(
  path: Path,
  probe: Probe,
  then: (outcome: ProbeOutcome, address: string) => Promise<Result>,
): Promise<Result> {
  const { from } = path;
  const { protocol, port, seconds = 0, listenPort = port } = probe;
  const address = await addressOf(path);
  const place = probe.at === undefined ? await placeOf(path, address) : probe.at.place;
  const listener = from.labHost.start(place, ...PROGRAM, "listen", protocol, familyOf(address), String(listenPort));
  try {
    const state = await listener.firstLine;
    const isTaken = state === "EADDRINUSE";
    if (state !== "ready" && !isTaken) throw new Error(`the probe cannot listen in ${placeName(place)}: ${state}`);
    if (isTaken && (protocol === "udp" || seconds > 0))
      throw new UserError(
        `${protocol} port ${listenPort} of ${placeName(place)} is in use, so a probe cannot listen on it`,
        "choose a port on which no program listens",
      );
    const words = ["send", protocol, address, String(port), String(seconds), String(WAIT)];
    const { stdout, stderr } = await from.labHost.run(from.place, ...PROGRAM, ...words);
    if (!stdout.startsWith("{")) throw new Error(`the probe failed in ${placeName(from.place)}: ${stderr}`);
    return await then(JSON.parse(stdout) as ProbeOutcome, address);
  } finally {
    await listener.stop();
  }
}

/** The time after which a probe counts as lost, in seconds. The kernel repeats the first packet of a connection after one second. */
const WAIT = 2.5;

const PROGRAM = [
  process.execPath,
  ownFile(
    import.meta.url.endsWith(".ts") ? "testing/traffic/probe-program.ts" : "dist/testing/traffic/probe-program.js",
  ),
] as const;

async function placeOf({ from, destination }: Path, address: string): Promise<string | undefined> {
  if (typeof destination !== "string") return destination.place;
  const owner = (await listInterfaces(from.labHost)).find((one) =>
    one.addresses.some((own) => own.address === address),
  );
  if (owner !== undefined) return owner.place;
  throw new UserError(
    `no host of the lab has the address ${address}`,
    'name the host that answers: { at: lab.host("web") }',
  );
}
