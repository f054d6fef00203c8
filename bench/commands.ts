import { argsOf, type Command, displayCommand } from "../provider/kernel/command.ts";
import { ip } from "../provider/kernel/tools/ip.ts";
import type { Arg, Piece, Resolved } from "./lab.ts";
import { resolve } from "./lab.ts";

/** Returns the bare commands that create a lab, in a valid order: without marks, observation or rollback. */
export function making(pieces: readonly Piece[]): Command[] {
  const resolved = resolve(pieces);
  return [
    ...ORDER.flatMap((kind) => resolved.filter((piece) => piece.kind === kind).flatMap(make)),
    ...rulesOf(resolved),
  ];
}

/** Returns the commands that delete a lab. Objects in a namespace are deleted with it. */
export function unmaking(pieces: readonly Piece[]): Command[] {
  const names = (kind: Piece["kind"]) => pieces.filter((piece) => piece.kind === kind).map(({ name }) => name);
  return [
    ...names("Namespace").map((name) => ip(undefined, "netns", "delete", name)),
    ...names("Bridge").map((name) => ip(undefined, "link", "delete", "dev", name)),
    ...(names("NatRule").length === 0 ? [] : [nft("delete table inet bench")]),
  ];
}

/** Returns only the rules of a lab, and their deletion, as input for nft: for tools that create no rules. */
export const ruling = (pieces: readonly Piece[]): string => linesOf(rulesOf(resolve(pieces)));
export const unruling = (pieces: readonly Piece[]): string =>
  linesOf(unmaking(pieces).filter(({ tool }) => tool === "nft"));

/** Returns the commands as a script with one process for each. */
export const oneByOne = (commands: readonly Command[]): string =>
  commands.map((command) => `${displayCommand(command)}\n`).join("");

/** The commands in few processes: one `ip -batch` per place and one nft transaction. */
export interface Batches {
  readonly script: string;
  /** The files that the script reads from its folder, by name. */
  readonly files: ReadonlyMap<string, string>;
}

export function allAtOnce(commands: readonly Command[]): Batches {
  const files = new Map<string, string>();
  const script: string[] = [];
  const note = (name: string, line: string, run: string) => {
    if (!files.has(name)) script.push(run);
    files.set(name, `${files.get(name) ?? ""}${line}\n`);
  };
  for (const command of commands) {
    const { tool, namespace } = command;
    const args = argsOf(command);
    if (tool === "nft") note("rules", args.join(" "), "nft -f rules");
    else if (tool === "sysctl") script.push(displayCommand(command));
    else if (namespace === undefined) note("host", args.join(" "), "ip -batch host");
    else note(`in-${namespace}`, args.join(" "), `ip -n ${namespace} -batch in-${namespace}`);
  }
  return { script: `${script.join("\n")}\n`, files };
}

/** Links are created before their ports and addresses, and routes last. */
const ORDER = ["Namespace", "Sysctl", "Bridge", "Veth", "Address", "Route"] as const;

const CHAIN = [
  "add table inet bench",
  "add chain inet bench postrouting { type nat hook postrouting priority srcnat; }",
];

function make({ kind, name, inputs }: Resolved): Command[] {
  const place = inputs["namespace"] === undefined ? undefined : text(inputs["namespace"]);
  switch (kind) {
    case "Namespace":
      return [ip(undefined, "netns", "add", name), ip(name, "link", "set", "dev", "lo", "up")];
    case "Bridge":
      return [ip(place, "link", "add", "name", name, "type", "bridge"), ip(place, "link", "set", "dev", name, "up")];
    case "Veth":
      return cable(inputs["a"] as End, inputs["b"] as End);
    case "Address":
      return [ip(place, "address", "add", text(inputs["address"]), "dev", text(inputs["interface"]))];
    case "Route":
      return [ip(place, "route", "add", text(inputs["destination"]), "via", text(inputs["via"]))];
    case "Sysctl":
      return [{ tool: "sysctl", namespace: place, args: ["-qw", `${text(inputs["key"])}=${text(inputs["value"])}`] }];
    case "NatRule":
      return [];
  }
}

function rulesOf(resolved: readonly Resolved[]): Command[] {
  const rules = resolved.filter(({ kind }) => kind === "NatRule");
  return rules.length === 0
    ? []
    : [...CHAIN, ...rules.map(({ inputs }) => `add rule inet bench postrouting ${ruleOf(inputs)}`)].map(nft);
}

const ruleOf = ({ source, outInterface, type }: Resolved["inputs"]): string =>
  `ip saddr ${text(source)} ${outInterface === undefined ? "" : `oifname ${text(outInterface)} `}${text(type)}`;

interface End extends Readonly<Record<string, Arg>> {
  readonly name: string;
  readonly namespace: string;
  readonly master: string;
}

function cable(a: End, b: End): Command[] {
  const born = ({ name, namespace }: End) => [name, ...(namespace ? ["netns", namespace] : [])];
  const up = ({ name, namespace, master }: End) =>
    ip(namespace || undefined, "link", "set", "dev", name, ...(master ? ["master", master] : []), "up");
  return [ip(undefined, "link", "add", "name", ...born(a), "type", "veth", "peer", "name", ...born(b)), up(a), up(b)];
}

const linesOf = (commands: readonly Command[]): string =>
  commands.map((command) => `${argsOf(command).join(" ")}\n`).join("");

const nft = (line: string): Command => ({ tool: "nft", args: [line] });

const text = (value: unknown): string => String(value);
