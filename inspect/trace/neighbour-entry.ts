import * as v from "valibot";
import type { Interface } from "../interfaces.ts";
import type { LabHost } from "../lab-host.ts";

/** The entry of a neighbour in the table of a place. */
export interface NeighbourEntry {
  readonly mac: string;
  /** Whether the kernel keeps the entry until it is deleted, and never asks for the address again. */
  readonly permanent: boolean;
}

/** Returns the entry with the MAC address of a neighbour; undefined if the kernel would ask for it. */
export async function neighbourEntry(
  host: LabHost,
  out: Interface,
  neighbour: string,
): Promise<NeighbourEntry | undefined> {
  const { code, stdout } = await host.run(
    out.place,
    ...(["ip", "-json", "neighbour", "show", "to", neighbour, "dev", out.name] as const),
  );
  const [entry] = code === 0 ? v.parse(NEIGHBOURS, JSON.parse(stdout || "[]")) : [];
  return entry?.lladdr === undefined
    ? undefined
    : { mac: entry.lladdr, permanent: entry.state?.includes("PERMANENT") ?? false };
}

const NEIGHBOURS = v.array(v.object({ lladdr: v.optional(v.string()), state: v.optional(v.array(v.string())) }));
