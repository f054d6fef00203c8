import { argv, displayCommand, type IpCommand, type ToolCommand } from "../command.ts";

/**
 * The word for the lab host's own namespace, where `ip` accepts the path of a namespace. That namespace has no name, so a command with this
 * word runs by {@link openingLabHost}.
 */
export const LAB_HOST_WORD = "/proc/self/fd/3";

/** Returns a command of `ip` with an open file of the lab host's namespace, from which the command may start in another one. */
export const openingLabHost = (command: IpCommand): ToolCommand => ({
  tool: "sh",
  args: ["-c", 'exec 3</proc/self/ns/net; exec "$@"', "pulumi-netns", ...argv(command)],
  // In a user's shell on the lab host, its process id stands for the same namespace.
  display: displayCommand(command).replace(LAB_HOST_WORD, () => "$$"),
  subject: command.subject,
});
