import { access, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../../tools/stack.ts";
import { must } from "../command.ts";
import { ruling, unruling } from "../commands.ts";
import { changed, type Piece, resolve } from "../lab.ts";
import { type Column, onlyStar, timed } from "./column.ts";

/** ifstate, which configures a whole host from one file. */
export const ifstate: Column = {
  name: "ifstate",
  title: "ifstate, and nft for the rule",
  floor: "batch",
  most: 1000,
  slow: true,
  cannot: onlyStar,
  absent: () =>
    access(CLI).then(
      () => undefined,
      () => "absent: bench/setup.sh installs it",
    ),
  async open(host, lab) {
    const folder = await mkdtemp(join(tmpdir(), "pulumi-netns-bench-"));
    const write = async (name: string, text: string) => {
      await writeFile(join(folder, name), text);
      return join(folder, name);
    };
    // It takes the network of process 1 for the host's, so it gets its own process 1 in the sandbox.
    const cli = (verb: string, file: string) => must(host, [...OWN_PIDS, CLI, "--quiet", "--config", file, verb]);
    const [before, after, nothing] = [
      await write("before", hostOf(lab.pieces)),
      await write("after", hostOf(changed(lab))),
      await write("nothing", JSON.stringify({ interfaces: {} })),
    ];
    const [rules, unrules] = [await write("rules", ruling(lab.pieces)), await write("unrules", unruling(lab.pieces))];
    return {
      create: () =>
        timed(async () => {
          await cli("apply", before);
          await must(host, ["nft", "-f", rules]);
        }),
      noop: () => timed(() => cli("apply", before)),
      preview: () => timed(() => cli("check", before)),
      change: () => timed(() => cli("apply", after)),
      destroy: () =>
        timed(async () => {
          await cli("apply", nothing);
          await must(host, ["nft", "-f", unrules]);
        }),
      [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
    };
  },
};

const CLI = join(REPOSITORY, ".tools/bench/bin/ifstatecli");

const OWN_PIDS = ["unshare", "--pid", "--fork"];

interface Place {
  readonly interfaces: Record<string, { link: object; addresses?: string[] }>;
  readonly routing: { routes: object[] };
}

interface End {
  readonly name: string;
  readonly namespace?: string;
  readonly master?: string;
  readonly mtu?: number;
}

/** Returns a lab as configuration of ifstate, whose YAML may be JSON. */
function hostOf(pieces: readonly Piece[]): string {
  const places = new Map<string | undefined, Place>();
  const at = (namespace: unknown): Place => {
    const key = namespace as string | undefined;
    const place: Place = places.get(key) ?? { interfaces: {}, routing: { routes: [] } };
    places.set(key, place);
    return place;
  };
  for (const { kind, name, inputs } of resolve(pieces)) {
    if (kind === "Namespace") at(name);
    if (kind === "Bridge") at(undefined).interfaces[name] = { link: { kind: "bridge", state: "up" } };
    if (kind === "Veth") {
      const [a, b] = [inputs["a"] as End, inputs["b"] as End];
      at(a.namespace).interfaces[a.name] = { link: linkOf(a, b) };
      at(b.namespace).interfaces[b.name] = { link: linkOf(b, a) };
    }
    if (kind === "Address") {
      const link = at(inputs["namespace"]).interfaces[String(inputs["interface"])];
      if (link !== undefined) link.addresses = [...(link.addresses ?? []), String(inputs["address"])];
    }
    if (kind === "Route") at(inputs["namespace"]).routing.routes.push({ to: "0.0.0.0/0", via: inputs["via"] });
  }
  const namespaces = Object.fromEntries(
    [...places].flatMap(([name, place]): [string, Place][] => (name === undefined ? [] : [[name, place]])),
  );
  return JSON.stringify({ interfaces: at(undefined).interfaces, namespaces });
}

const linkOf = ({ master, mtu }: End, peer: End): object => ({
  kind: "veth",
  state: "up",
  peer: peer.name,
  peer_netns: peer.namespace ?? null,
  ...(master !== undefined && { master }),
  ...(mtu !== undefined && { mtu }),
});
