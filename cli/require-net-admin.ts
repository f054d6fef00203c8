import { UserError } from "../provider/message.ts";
import { missingCapability } from "../provider/permission.ts";

/** @throws UserError if this process cannot enter network namespaces. */
export function requireNetAdmin(): void {
  if (missingCapability() !== undefined) throw new UserError(NO_ACCESS, RUN_AS_ROOT);
}

const NO_ACCESS = "this process cannot enter network namespaces (CAP_NET_ADMIN is missing)";

const RUN_AS_ROOT = `run it as root: sudo env "PATH=$PATH" pulumi-netns …
or, for a lab in a sandbox, run it inside that sandbox: \`pulumi-netns sandbox\` enters that of the project`;
