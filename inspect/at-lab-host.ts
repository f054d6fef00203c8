import { KernelError } from "../provider/errors.ts";

/** Runs work on a lab host. The error of a command names it; undefined for this machine. */
export async function atLabHost<T>(host: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw error instanceof KernelError ? error.at(host) : error;
  }
}
