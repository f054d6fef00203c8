import { link } from "../../lab/readers.ts";

const on = { link: "link", namespace: "linkNamespace" };

/** Lines of the table for kinds of links that there are not, one for each way in which a link relates to others. */
export const MADE_UP = {
  Alone: link({ device: "alone" }),
  Slice: link({ device: "slice", on, lan: "parent", shows: ["mode"] }),
  Tagged: link({ device: "tagged", on, lan: { vlan: "vid" }, shows: ["vid"] }),
  Tunnel: link({ device: "tunnel", on: { link: "dev", namespace: "namespace" }, isTunnel: true, shows: ["vni"] }),
  Bundle: link({ device: "bundle" }),
  Divider: link({ device: "divider", separates: true }),
};
