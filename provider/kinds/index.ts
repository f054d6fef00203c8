export { address } from "./address.ts";
export { bridge } from "./bridge.ts";
export { namespace } from "./namespace.ts";
export { natRule } from "./nat-rule.ts";
export { route } from "./route.ts";
export { sysctl } from "./sysctl.ts";
export { veth } from "./veth.ts";
