import { execa } from "execa";
import { argv, type Kernel } from "./kernel.ts";

/**
 * The door onto Linux.
 *
 * @param enter Words put before each command, for a lab host that is reached through another program (`nsenter …`).
 */
export function linux(enter: readonly string[] = []): Kernel {
  return {
    async run(command) {
      const [program, ...args] = [...enter, ...argv(command)];
      const result = await execa(program ?? "", args, {
        ...(command.stdin === undefined ? { stdin: "ignore" } : { input: command.stdin }),
        // The tools live in sbin, which is not on every user's PATH; their messages are read, so they must be in English.
        env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`, LC_ALL: "C" },
        preferLocal: false,
        reject: false,
        stripFinalNewline: false,
      });
      return {
        code: result.exitCode ?? NOT_RUN,
        stdout: result.stdout,
        stderr: result.exitCode === undefined ? `${result.stderr}${result.shortMessage ?? ""}` : result.stderr,
        ...(result.signal !== undefined && { signal: result.signal }),
      };
    },
  };
}

/** The exit code that a shell gives for a command that it could not start. */
const NOT_RUN = 127;
