import { withHelp } from "../provider/message.ts";

/** Returns the message for a version of Node that is too old for this package; undefined for one that is recent enough. */
export function faultOfNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > MINIMUM.major || (major === MINIMUM.major && minor >= MINIMUM.minor)) return undefined;
  return withHelp(
    `pulumi-netns needs Node ${MINIMUM.major}.${MINIMUM.minor} or later, and this is Node ${version}`,
    "install a later Node and put it first on PATH",
  );
}

/** The version in `engines` of package.json. */
const MINIMUM = { major: 22, minor: 13 };
