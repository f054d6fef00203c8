/** Returns the PATH for the tools, with sbin added, which is not on every user's PATH. */
export const toolPath = (): string => `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** Returns the environment for the tools. Their messages are parsed, so they must be in English. */
export const toolEnvironment = () => ({ PATH: toolPath(), LC_ALL: "C" });
