/** Where programs are looked for: the tools lie in sbin, which is not on every user's PATH. */
export const toolPath = (): string => `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;

/** The environment of tools whose messages are read, and must be in English. */
export const toolEnvironment = () => ({ PATH: toolPath(), LC_ALL: "C" });
