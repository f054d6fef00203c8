import { exclusiveClaims } from "../claims.ts";
import { placeId } from "../kind.ts";
import { rule } from "../schema.ts";
import { integer } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { type OptionArgs, required } from "./link-option.ts";

const options = {
  table: required(integer("a routing table number", 1, 4_294_967_294, 10), "table", { replaces: true }),
};

export const vrf = linkKind({
  type: "Vrf",
  device: "vrf",
  options,
  mtu: { min: 1280 },
  // The kernel accepts these tables, and two VRFs with one table, but the routes would mix.
  rules: [
    rule<OptionArgs<typeof options>, "table">(["table"], ({ table }) =>
      table >= 253 && table <= 255
        ? { at: "table", why: `${table} is the table of all interfaces without a VRF; use another, e.g. 10` }
        : undefined,
    ),
  ],
  claims: ({ namespace, table }) =>
    table === undefined ? [] : exclusiveClaims(`vrf table ${placeId(namespace, String(table))}`),
});
