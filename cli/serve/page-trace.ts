import { resultOf } from "../../inspect/trace/multipath.ts";
import { showTrace } from "../../inspect/trace/text.ts";
import type { Trace } from "../../inspect/trace/types.ts";
import type { PageTrace } from "../../picture/page/live-types.ts";

/** Returns a trace as the page shows it. */
export function pageTrace(found: Trace): PageTrace {
  const isAnswered = found.outcome.kind === "answered";
  const passed = [...found.there, ...found.back].flatMap((hop) =>
    [hop.in, hop.out].flatMap((link) => (link === undefined ? [] : [`${hop.place ?? ""}/${link}`])),
  );
  const areOthersLost = isAnswered && resultOf(found) !== "answered";
  return { text: showTrace(found), isAnswered, areOthersLost, ports: [...new Set(passed)] };
}
