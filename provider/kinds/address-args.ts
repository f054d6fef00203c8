import * as v from "valibot";
import { areOfOneFamily, familyOf } from "../cidr.ts";
import { args, field, rule } from "../schema.ts";
import { interfaceAddress, interfaceName, ip as ipAddress, namespaceName, oneOf } from "../values.ts";

const fields = args({
  interface: field(interfaceName(), { replaces: true }),
  namespace: v.optional(field(namespaceName(), { replaces: true })),
  address: field(interfaceAddress(), { replaces: true }),
  peer: v.optional(field(ipAddress(), { replaces: true })),
  broadcast: v.optional(field(ipAddress("inet"), { replaces: true })),
  scope: v.optional(field(oneOf(["global", "link", "host"]), { replaces: true, computed: true })),
});

export type AddressArgs = v.InferOutput<typeof fields>;

const otherSide = rule<AddressArgs, "address" | "peer">(["address", "peer"], ({ address, peer }) => {
  if (peer === undefined) return undefined;
  if (!areOfOneFamily(peer, address)) {
    return { at: "peer", why: `"${peer}" and the address "${address}" must be of the same family` };
  }
  if (!address.startsWith(`${peer}/`)) return undefined;
  return { at: "peer", why: `"${peer}" is the address itself; peer is the address of the other side` };
});

const onlyInet = (at: "broadcast" | "scope", because: string) =>
  rule<AddressArgs, "address" | typeof at>(["address", at], (given) =>
    given[at] !== undefined && familyOf(given.address) === "inet6"
      ? { at, why: `"${given[at]}" cannot be used with "${given.address}": ${because}` }
      : undefined,
  );

/** The arguments of an address, with the rules over several of them. */
export const addressSchema = v.pipe(
  fields,
  otherSide,
  onlyInet("broadcast", "IPv6 has no broadcast"),
  onlyInet("scope", "the scope of an IPv6 address follows from the address"),
);
