import { areOfOneFamily } from "../cidr.ts";
import { rule } from "../schema.ts";
import { integer, interfaceName, ip, multicastGroup } from "../values.ts";
import { linkKind } from "./link-kind.ts";
import { defaulted, type OptionArgs, type OptionSource, optional, required, toggle } from "./link-option.ts";

/** Declares an address of the tunnel. The kernel can change it in place only to another address of the same family. */
const address = (word: string, schema = ip()) => ({
  ...optional(schema, word, { replaces: isOtherFamily }),
  read: ({ data }: OptionSource) => data[word] ?? data[`${word}6`],
});

function isOtherFamily(old: unknown, now: unknown): boolean {
  return typeof old !== "string" || typeof now !== "string" || !areOfOneFamily(old, now);
}

const options = {
  vni: required(integer("a VXLAN network identifier", 1, 16_777_215, 42), "id", { replaces: true }),
  remote: address("remote"),
  group: address("group", multicastGroup()),
  local: address("local"),
  dev: optional(interfaceName(), "dev", { json: "link", replaces: true }),
  dstport: defaulted(integer("a UDP port", 1, 65_535, 4789), "dstport", 4789, {
    json: "port",
    initial: 8472,
    replaces: true,
  }),
  learning: toggle("learning", true),
  ageing: defaulted(integer("an ageing time in seconds", 0, 86_400, 300), "ageing", 300),
};

type Options = OptionArgs<typeof options>;

export const vxlan = linkKind({
  type: "Vxlan",
  device: "vxlan",
  options,
  rules: [
    rule<Options, "remote" | "group">(["remote", "group"], ({ remote, group }) =>
      remote !== undefined && group !== undefined
        ? {
            at: "group",
            why: `"${group}" cannot be used with remote: a tunnel has either one remote or one multicast group`,
          }
        : undefined,
    ),
    rule<Options, "group" | "dev">(["group", "dev"], ({ group, dev }) =>
      group !== undefined && dev === undefined
        ? { at: "dev", why: "missing: group requires the interface that joins the multicast group" }
        : undefined,
    ),
    rule<Options, "local" | "remote" | "group">(["local", "remote", "group"], ({ local, remote, group }) => {
      const other = remote ?? group;
      return local !== undefined && other !== undefined && !areOfOneFamily(local, other)
        ? { at: "local", why: `"${local}" and "${other}" must be of the same family` }
        : undefined;
    }),
  ],
});
