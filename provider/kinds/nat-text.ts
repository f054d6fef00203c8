import * as v from "valibot";
import { type NftRule, nftQuote } from "../kernel/tools/nft.ts";
import { impliedFamily, type NatArgs, natSchema } from "./nat-args.ts";

/** Returns the base chain of a rule: one per hook of a type, and one per priority other than the usual one. */
export function chainOf(args: NatArgs): string {
  const { hook, usual } = HOOKS[args.type];
  return args.priority === usual ? hook : `${hook}_at_${args.priority}`;
}

/** Returns the default priority of a type: nft's srcnat or dstnat. */
export const usualPriority = (type: NatArgs["type"]): number => HOOKS[type].usual;

/** Returns the definition of a rule's chain. */
export const definition = (args: NatArgs): string =>
  `{ type nat hook ${HOOKS[args.type].hook} priority ${args.priority}; policy accept; }`;

/** Returns a rule in nft syntax, with its mark as the comment. */
export function statement(args: NatArgs, mark: string): string {
  const { family, source, destination, protocol, sourcePort, destinationPort, inInterface, outInterface } = args;
  const addressed = source !== undefined || destination !== undefined;
  return [
    ...(family !== "inet" && !addressed ? [`meta nfproto ${family === "ip6" ? "ipv6" : "ipv4"}`] : []),
    ...(inInterface === undefined ? [] : [`iifname ${nftQuote(inInterface)}`]),
    ...(outInterface === undefined ? [] : [`oifname ${nftQuote(outInterface)}`]),
    ...(source === undefined ? [] : [`${family} saddr ${source}`]),
    ...(destination === undefined ? [] : [`${family} daddr ${destination}`]),
    ...(protocol === undefined || (sourcePort ?? destinationPort) !== undefined
      ? []
      : [`meta l4proto ${protocol === "icmpv6" ? "ipv6-icmp" : protocol}`]),
    ...(sourcePort === undefined ? [] : [`${protocol} sport ${sourcePort}`]),
    ...(destinationPort === undefined ? [] : [`${protocol} dport ${destinationPort}`]),
    translation(args),
    `comment ${nftQuote(args.after === undefined ? mark : `${mark}${AFTER}${hashOf(args.after)}`)}`,
  ].join(" ");
}

/** Returns the mark in a rule's comment, without the hash of the preceding rule that may follow it. */
export const markIn = (comment = ""): string | undefined => COMMENT.exec(comment)?.[1];

/** Returns the hash in a rule's comment of the rule that it should come right after. */
export const predecessorIn = (comment = ""): string | undefined => COMMENT.exec(comment)?.[2];

/** Returns the name by which other rules refer to a rule: that of its resource, and the hash of its URN. */
export const nameOf = (comment: string | undefined): string | undefined => markIn(comment)?.split(":").at(-1);

/** Returns the hash at the end of a mark or a name. */
export const hashOf = (name: string): string => name.slice(-8);

const AFTER = " after ";
const COMMENT = /^(pulumi-netns:\S+@[0-9a-f]{8})(?: after ([0-9a-f]{8}))?$/;

/** Returns a kernel rule in terms of arguments; undefined if arguments cannot express it. */
export function stateOf(rule: NftRule, namespace: string | undefined): NatArgs | undefined {
  const parts = v.safeParse(v.array(EXPRESSION), rule.expr);
  if (!parts.success) return undefined;
  const [, priority] = /_at_(-?\d+)$/.exec(rule.chain) ?? [];
  const found = Object.assign({}, ...parts.output) as Partial<NatArgs>;
  if (found.type === undefined) return undefined;
  const state = v.safeParse(natSchema, {
    ...(namespace !== undefined && { namespace }),
    ...found,
    // nft does not show a family that the rest of the rule implies.
    family: impliedFamily(found),
    priority: priority === undefined ? HOOKS[found.type].usual : Number(priority),
  });
  return state.success ? state.output : undefined;
}

const SOURCE_SIDE = { hook: "postrouting", usual: 100 };
const DESTINATION_SIDE = { hook: "prerouting", usual: -100 };

/** The hook and the usual priority of each type. */
const HOOKS: Record<NatArgs["type"], { hook: string; usual: number }> = {
  masquerade: SOURCE_SIDE,
  snat: SOURCE_SIDE,
  dnat: DESTINATION_SIDE,
  redirect: DESTINATION_SIDE,
};

function translation({ type, toAddress, toPort }: NatArgs): string {
  const port = toPort === undefined ? "" : `:${toPort}`;
  if (toAddress === undefined) return port === "" ? type : `${type} to ${port}`;
  if (!toAddress.includes(":")) return `${type} ip to ${toAddress}${port}`;
  return `${type} ip6 to ${port === "" ? toAddress : `[${toAddress}]${port}`}`;
}

/** Returns the schema that parses a match on a packet's metadata into arguments. */
const meta = <T, Part extends object>(key: string, right: v.GenericSchema<unknown, T>, part: (right: T) => Part) =>
  v.pipe(
    v.object({
      match: v.object({ op: v.literal("=="), left: v.object({ meta: v.object({ key: v.literal(key) }) }), right }),
    }),
    v.transform(({ match }) => part(match.right)),
  );

/** Returns the schema that parses a match on a packet's header into arguments. */
const header = <T, Part extends object>(
  field: string,
  right: v.GenericSchema<unknown, T>,
  part: (protocol: string, right: T) => Part,
) =>
  v.pipe(
    v.object({
      match: v.object({
        op: v.literal("=="),
        left: v.object({ payload: v.object({ protocol: v.string(), field: v.literal(field) }) }),
        right,
      }),
    }),
    v.transform(({ match }) => part(match.left.payload.protocol, match.right)),
  );

const ADDRESS = v.union([
  v.string(),
  v.pipe(
    v.object({ prefix: v.object({ addr: v.string(), len: v.number() }) }),
    v.transform(({ prefix }) => `${prefix.addr}/${prefix.len}`),
  ),
]);

const PORTS = v.union([
  v.number(),
  v.pipe(
    v.object({ range: v.tuple([v.number(), v.number()]) }),
    v.transform(({ range }) => range.join("-")),
  ),
]);

const verdict = (type: NatArgs["type"]) =>
  v.pipe(
    v.object({
      [type]: v.nullable(
        v.strictObject({ family: v.optional(v.string()), addr: v.optional(v.string()), port: v.optional(PORTS) }),
      ),
    }),
    v.transform(({ [type]: to }) => ({
      type,
      ...(to?.addr !== undefined && { toAddress: to.addr }),
      ...(to?.port !== undefined && { toPort: to.port }),
    })),
  );

const EXPRESSION = v.union([
  meta("nfproto", v.picklist(["ipv4", "ipv6"]), (family) => ({ family: family === "ipv6" ? "ip6" : "ip" })),
  meta("iifname", v.string(), (inInterface) => ({ inInterface })),
  meta("oifname", v.string(), (outInterface) => ({ outInterface })),
  meta("l4proto", v.string(), (word) => ({ protocol: word === "ipv6-icmp" ? "icmpv6" : word })),
  header("saddr", ADDRESS, (family, source) => ({ family, source })),
  header("daddr", ADDRESS, (family, destination) => ({ family, destination })),
  header("sport", PORTS, (protocol, sourcePort) => ({ protocol, sourcePort })),
  header("dport", PORTS, (protocol, destinationPort) => ({ protocol, destinationPort })),
  verdict("masquerade"),
  verdict("snat"),
  verdict("dnat"),
  verdict("redirect"),
]);
