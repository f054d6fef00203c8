export type { RouterFirewall } from "./firewall.ts";
export { Host, type HostArgs } from "./host.ts";
export { LabHost, type LabHostArgs } from "./lab-host.ts";
export { Lan } from "./lan.ts";
export type {
  HostsByName,
  LanAddresses,
  LanArgs,
  LanHost,
  LanMember,
  LanOutputs,
  LanPair,
} from "./lan-args.ts";
export { Link } from "./link.ts";
export type { LinkArgs, LinkOutputs } from "./link-args.ts";
export type { PerEnd } from "./network.ts";
export { LabNode, type LabNodeArgs, type LabNodeOutputs, type PlugArgs } from "./node.ts";
export type { PortForward } from "./port-forward.ts";
export { Router, type RouterArgs } from "./router.ts";
export { Trunk, type TrunkArgs, type TrunkOutputs } from "./trunk.ts";
