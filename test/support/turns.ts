import { isSoak } from "./soak.ts";

/**
 * Returns the groups of variants to test. In a soak, each variant has its own test. Otherwise one test alternates the variants,
 * one for each kill.
 */
export const turns = <T>(ways: readonly T[]): (readonly T[])[] => (isSoak ? ways.map((way) => [way]) : [ways]);

/**
 * Returns the number of commands from one kill to the next, or of cases from one to the next. A soak takes every one. Otherwise Pulumi's
 * engine is killed about once in each resource, because the engine sees no difference between two commands of one resource;
 * test/kinds/kill.test.ts kills the in-process engine after each.
 */
export const stride = (usual: number): number => (isSoak ? 1 : usual);

/** Returns the variant of a group to test at a kill; kills are counted from zero. */
export function taking<T>(turn: readonly T[], kill: number): T {
  const way = turn[kill % turn.length];
  if (way === undefined) throw new Error("a turn has no ways");
  return way;
}
