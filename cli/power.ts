import { lackOfPermission } from "../provider/permission.ts";

/** @throws Error with what to do, when this process may not enter network namespaces. */
export function requirePower(): void {
  if (lackOfPermission() !== undefined) throw new Error(ADVICE);
}

const ADVICE = `this process may not look into network namespaces (it has no CAP_NET_ADMIN)
  what to do: run it as root: sudo env "PATH=$PATH" pulumi-netns …
  or, for a lab in a sandbox (unshare --user --map-root-user --net --mount), run it inside that sandbox`;
