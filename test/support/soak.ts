const minutes = process.env["SOAK_MINUTES"];

/** Whether a soak runs, which tests every case, and random ones until its time is over. */
export const isSoak = minutes !== undefined;

/** The duration of a soak; 0 in a test run. */
export const soakMinutes = Number(minutes ?? 0);

/** Returns the seed of the first random case: that of `FIRST_SEED`, else a new one in a soak, and the same one in each test run. */
export const firstSeed = (usual: number): number =>
  Number(process.env["FIRST_SEED"] ?? (isSoak ? Date.now() % 1_000_000_000 : usual));
