import * as v from "valibot";
import type { KernelClient } from "../kernel.ts";
import { dev, query, queryJson, type Word } from "./ip.ts";

/** An entry of a neighbour table, as `ip -details neigh show` shows it. */
export type NeighborEntry = v.InferOutput<typeof NEIGHBOR>;

/** The key of an entry: its interface and address, in the table of neighbours or in that of proxied addresses. */
export interface NeighborKey {
  readonly interface: string;
  readonly address: string;
  readonly proxy: boolean;
}

/** Queries one entry of a neighbour table; undefined if the entry, its interface or its namespace does not exist. */
export async function showNeighbor(
  kernel: KernelClient,
  namespace: string | undefined,
  { interface: link, address, proxy }: NeighborKey,
): Promise<NeighborEntry | undefined> {
  const words: Word[] = [...(proxy ? ["proxy"] : []), "to", address, dev(link)];
  return (await queryJson(kernel, NEIGHBORS, query(namespace, "neigh", "show", ...words)))?.[0];
}

/** Queries all neighbours of a place, without the proxied addresses; undefined if the namespace does not exist. */
export const showNeighbors = (
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<NeighborEntry[] | undefined> => queryJson(kernel, NEIGHBORS, query(namespace, "neigh", "show"));

/** Queries the proxied addresses of a place; undefined if the namespace does not exist. */
export const showProxies = (
  kernel: KernelClient,
  namespace: string | undefined,
): Promise<NeighborEntry[] | undefined> => queryJson(kernel, NEIGHBORS, query(namespace, "neigh", "show", "proxy"));

const NEIGHBOR = v.object({
  dst: v.string(),
  /** The interface; absent if the query names it. */
  dev: v.optional(v.string()),
  lladdr: v.optional(v.string()),
  /** The keys of flags have no value. */
  router: v.optional(v.null_()),
  proxy: v.optional(v.null_()),
  state: v.optional(v.array(v.string())),
  protocol: v.optional(v.string()),
});
const NEIGHBORS = v.array(NEIGHBOR);
