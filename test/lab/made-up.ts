import { link } from "../../lab/readers.ts";

const on = { link: "link", namespace: "linkNamespace" };

/** Fictitious kinds of links for the table, one for each way in which a link can depend on others. */
export const MADE_UP = {
  Alone: link({ device: "alone" }),
  Slice: link({ device: "slice", on, lan: "parent", shows: ["mode"] }),
  Tagged: link({ device: "tagged", on, lan: { vlan: "vid" }, shows: ["vid"] }),
  Tunnel: link({ device: "tunnel", on: { link: "dev", namespace: "namespace" }, isTunnel: true, shows: ["vni"] }),
  Bundle: link({ device: "bundle", members: "member" }),
  Divider: link({ device: "divider", members: "member", separates: true }),
};
