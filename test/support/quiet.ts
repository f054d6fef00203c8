import { checkNames } from "../../checks/index.ts";

/** The configuration that disables the checks, for labs that are unusual on purpose. */
export const QUIET = {
  "pulumi-netns:checks": JSON.stringify(Object.fromEntries(checkNames.map((name) => [name, "off"]))),
};
