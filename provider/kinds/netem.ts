import { netem as options } from "./netem-options.ts";
import { qdiscKind } from "./qdisc-kind.ts";

export const netem = qdiscKind({ type: "Netem", qdisc: options });
