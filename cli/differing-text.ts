import { driftTexts } from "../inspect/drift.ts";
import type { ResourceStatus } from "../inspect/status.ts";
import { withHelp } from "../provider/message.ts";

/** Returns the resources that differ from the stack's state as text, below the result that they may explain; undefined if there are none. */
export function differingText(statuses: readonly ResourceStatus[]): string | undefined {
  const differing = statuses.filter(({ condition }) => condition !== "up" && condition !== "unknown");
  if (differing.length === 0) return undefined;
  const lines = differing.slice(0, MOST).map((one) => `  ${one.type} ${one.name} ${conditionText(one)}`);
  const rest = differing.length - lines.length;
  return withHelp(
    [
      "the kernel differs from the stack's state, which may be the cause:",
      ...lines,
      ...(rest > 0 ? [`  and ${rest} more`] : []),
    ].join("\n"),
    "`pulumi-netns status` shows the differences, and `pulumi up --refresh` reverts them",
  );
}

const MOST = 8;

const conditionText = ({ condition, drift }: ResourceStatus): string =>
  condition === "drifted" ? `has drifted: ${drift.flatMap(driftTexts).join(", ")}` : `is ${condition}`;
