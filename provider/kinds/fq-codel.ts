import { fqCodel as options } from "./fq-codel-options.ts";
import { qdiscKind } from "./qdisc-kind.ts";

export const fqCodel = qdiscKind({ type: "FqCodel", qdisc: options });
