import { driftTexts } from "../inspect/drift.ts";
import { type Place, placeAt } from "../inspect/place.ts";
import type { ResourceStatus } from "../inspect/status.ts";
import type { UndeclaredObject } from "../inspect/undeclared-objects.ts";
import type { Family } from "../provider/cidr.ts";
import { withHelp } from "../provider/message.ts";

/** The packets that are lost. */
export interface Loss {
  /** The places that they have passed, whose resources and objects come first. */
  readonly places: ReadonlySet<Place>;
  readonly families: ReadonlySet<Family>;
  /** Whether their traces name the cause of each loss, so that objects elsewhere explain nothing. */
  readonly isExplained: boolean;
}

/**
 * Returns the resources that differ from the stack's state, and the objects that were made by hand, as text below the result that they may
 * explain; undefined if there are none.
 *
 * @param loss The loss to explain.
 */
export function differingText(
  statuses: readonly ResourceStatus[],
  undeclared: readonly UndeclaredObject[],
  { places, families, isExplained }: Loss,
): string | undefined {
  const isAt = (place: Place) => places.has(place);
  const differing = firstThose(statuses.filter(isDifferent), (one) => placesOf(one).some(isAt));
  const parts = [
    foreignText(differing.filter(isForeign)),
    ownText(differing.filter((one) => !isForeign(one))),
    objectsText(
      firstThose(
        undeclared.filter(
          ({ family, place }) => (family === undefined || families.has(family)) && (isAt(place) || !isExplained),
        ),
        ({ place }) => isAt(place),
      ),
    ),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("\n\n");
}

/**
 * Returns the processes of the stack that do not run as declared in the places where a connection is accepted, as text below that result;
 * undefined if all do. The program that accepts the connection may be another one.
 */
export function absentProcessesText(
  statuses: readonly ResourceStatus[],
  places: ReadonlySet<Place>,
): string | undefined {
  const absent = statuses.filter(
    (one) => one.type === "Process" && isDifferent(one) && placesOf(one).some((place) => places.has(place)),
  );
  if (absent.length === 0) return undefined;
  return withHelp(
    titled(
      "another program may have accepted it, because these processes do not run as the stack's state says:",
      absent,
    ),
    "end the other program, and run `pulumi up --refresh`",
  );
}

const isDifferent = ({ condition }: ResourceStatus): boolean => condition !== "up" && condition !== "unknown";

const isForeign = ({ condition }: ResourceStatus): boolean => condition === "foreign";

const firstThose = <T>(all: readonly T[], isFirst: (one: T) => boolean): readonly T[] => [
  ...all.filter(isFirst),
  ...all.filter((one) => !isFirst(one)),
];

/** Returns the places of an object. The id of a pair has both, each before the name of its end. */
const placesOf = ({ id, host, namespace }: ResourceStatus): readonly Place[] => [
  placeAt({ host, namespace }),
  ...id.split(":").flatMap((end) => (end.includes("/") ? [placeAt({ host, namespace: end.split("/")[0] })] : [])),
];

/** An up fails at a foreign object, so it reverts the other differences only after the object is gone. */
function foreignText(foreign: readonly ResourceStatus[]): string | undefined {
  if (foreign.length === 0) return undefined;
  return withHelp(
    titled("foreign objects have the names of these resources, which may be the cause:", foreign),
    "`pulumi up` changes none of them, and fails: if an object is no longer needed, delete it, and run `pulumi up --refresh`",
  );
}

function ownText(differing: readonly ResourceStatus[]): string | undefined {
  if (differing.length === 0) return undefined;
  return withHelp(
    titled("the kernel differs from the stack's state, which may be the cause:", differing),
    "`pulumi-netns status` shows the differences, and `pulumi up --refresh` reverts them",
  );
}

/** Returns resources with their conditions, below a title. */
const titled = (title: string, statuses: readonly ResourceStatus[]): string =>
  [title, ...listed(statuses.map((one) => `${one.type} ${one.name} ${conditionText(one)}`))].join("\n");

function objectsText(undeclared: readonly UndeclaredObject[]): string | undefined {
  if (undeclared.length === 0) return undefined;
  const texts = undeclared.map(({ place, what, link, text }) =>
    [`${what} ${text}`, ...(link === undefined ? [] : [`on ${link}`]), `in ${place}`].join(" "),
  );
  return withHelp(
    ["no resource declares these objects, which may be the cause:", ...listed(texts)].join("\n"),
    "they were made by hand, and no `up` deletes them: delete them, or declare them",
  );
}

function listed(texts: readonly string[]): string[] {
  const rest = texts.length - MOST;
  return [...texts.slice(0, MOST).map((text) => `  ${text}`), ...(rest > 0 ? [`  and ${rest} more`] : [])];
}

const MOST = 8;

const conditionText = ({ condition, drift }: ResourceStatus): string =>
  condition === "drifted" ? `has drifted: ${drift.flatMap(driftTexts).join(", ")}` : `is ${condition}`;
