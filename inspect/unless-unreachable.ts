import { UnreachableError } from "../provider/errors.ts";

/** Returns the result of work, or another value if the lab host cannot be reached. */
export async function unlessUnreachable<T>(otherwise: T, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof UnreachableError) return otherwise;
    throw error;
  }
}
