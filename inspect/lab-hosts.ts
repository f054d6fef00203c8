import { classifyFailure, KernelError, probe, UnreachableError } from "../provider/errors.ts";
import { remoteLinux } from "../provider/kernel/client/remote.ts";
import { overSsh, type SshAddress } from "../provider/kernel/client/ssh.ts";
import { sshProgram } from "../provider/kernel/client/ssh-program.ts";
import { type Command, inNamespace } from "../provider/kernel/command.ts";
import { type CommandResult, oneByOne } from "../provider/kernel/kernel.ts";
import { UserError } from "../provider/message.ts";
import { type LabHost, labHost, startProgram } from "./lab-host.ts";
import { type Place, placeAt, placeParts } from "./place.ts";

/** The lab hosts of a stack. Each is reached at its first command. */
export interface LabHosts {
  /** The names of the lab hosts; undefined for this machine, which comes first if it has a part of the lab. */
  readonly names: readonly (string | undefined)[];
  /** All lab hosts as one, whose places have the name of their lab host. */
  readonly all: LabHost;
  /**
   * Returns one lab host, whose places are its namespaces.
   *
   * @throws UserError if the stack has no such lab host.
   */
  on(host: string | undefined): LabHost;
  /** The lab hosts that could not be reached so far, with the text of ssh. */
  readonly unreachable: ReadonlyMap<string, string>;
  /** Ends the connections. */
  close(): void;
}

/** Opens lab hosts by the names and the addresses that a state has of them; undefined for this machine. */
export function openLabHosts(addresses: ReadonlyMap<string | undefined, SshAddress | undefined>): LabHosts {
  const names = [...addresses.keys()];
  const unreachable = new Map<string, string>();
  const opened = new Map<string | undefined, LabHost & { close?(): void }>();

  /** Returns a result; a lab host without an answer is an error, so that the text of ssh never counts as one of the kernel. */
  function answered(
    { host, address }: { host: string; address: SshAddress },
    result: CommandResult,
    query?: Command,
  ): CommandResult {
    if (result.lost === undefined) return query === undefined ? result : withoutFailure(host, result, query);
    const answer = unreachable.get(host) ?? result.stderr.trim();
    unreachable.set(host, answer);
    throw new UnreachableError(host, { answer, help: `test the connection: \`${probe(address)}\`` });
  }

  function open(host: string | undefined): LabHost & { close?(): void } {
    if (host === undefined) return labHost();
    const address = addresses.get(host);
    if (address === undefined) throw new UserError(`the stack has no lab host ${host}`);
    return remoteLabHost(address, (result, query) => answered({ host, address }, result, query));
  }

  function on(host: string | undefined): LabHost {
    const found = opened.get(host) ?? open(host);
    opened.set(host, found);
    return found;
  }

  return {
    ...{ names, on, unreachable, all: togetherBy(names, on) },
    close() {
      for (const host of opened.values()) host.close?.();
    },
  };
}

/** Returns the result of a query. The error of one that failed names the lab host, for example if a tool is missing there. */
function withoutFailure(host: string, result: CommandResult, query: Command): CommandResult {
  if (result.code === 0 || classifyFailure(result) === "absent") return result;
  throw new KernelError(query, result).at(host);
}

/** Returns the lab host that ssh reaches. */
function remoteLabHost(address: SshAddress, answered: (result: CommandResult, query?: Command) => CommandResult) {
  const client = remoteLinux(
    overSsh(
      () => address,
      () => undefined,
    ),
  );
  const words = (place: Place, [program = "", ...args]: readonly string[]) => inNamespace(place, program, args);
  return {
    roots: [undefined],
    kernel: {
      ...client,
      async run(command) {
        const result = await client.run(command);
        return command.query === true ? answered(result, command) : result;
      },
    },
    run: async (place, ...argv) => answered(await client.runProgram(words(place, argv))),
    command: (place, argv, { reads = false } = {}) => ({
      argv: sshProgram(
        address,
        [...(place === undefined ? [] : ["ip", "netns", "exec", place]), ...argv],
        !reads ? "none" : process.stdin.isTTY ? "terminal" : "stream",
      ),
      endsWithInput: !reads,
    }),
    start: (place, ...argv) => startProgram(sshProgram(address, words(place, argv), "none")),
    close: () => client.close(),
  } satisfies LabHost & { close(): void };
}

/** Returns lab hosts as one: each command goes to the lab host that its place names. */
export const together = (hosts: ReadonlyMap<string | undefined, LabHost>): LabHost =>
  togetherBy([...hosts.keys()], (host) => {
    const found = hosts.get(host);
    if (found === undefined) throw new UserError(`the lab has no lab host ${host ?? ""}`);
    return found;
  });

/** Returns several lab hosts as one: each command goes to the lab host that its place names. */
function togetherBy(names: readonly (string | undefined)[], on: (host: string | undefined) => LabHost): LabHost {
  const at = (place: Place) => {
    const { host, namespace } = placeParts(place);
    return { host: on(host), namespace };
  };
  return {
    roots: names.map((host) => placeAt({ host, namespace: undefined })),
    kernel: oneByOne((command) => {
      const { host, namespace } = at(command.namespace);
      return host.kernel.run({ ...command, namespace });
    }),
    run(place, ...argv) {
      const { host, namespace } = at(place);
      return host.run(namespace, ...argv);
    },
    command(place, argv, options) {
      const { host, namespace } = at(place);
      return host.command(namespace, argv, options);
    },
    start(place, ...argv) {
      const { host, namespace } = at(place);
      return host.start(namespace, ...argv);
    },
  };
}
