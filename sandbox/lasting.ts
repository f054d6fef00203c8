import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fastPulumi } from "./fast-pulumi.ts";
import { enterSandbox, isolated, killAll, notAllowed } from "./isolation.ts";

/** A sandbox of a Pulumi project that lasts until it is removed, with a backend of its own for the project's stacks. */
export interface LastingSandbox {
  /** The process that holds the sandbox. */
  readonly pid: number;
  /** The words to put before a command that runs in it. */
  readonly enter: readonly string[];
  /** The environment in which `pulumi` uses the backend of the sandbox. */
  readonly env: Readonly<Record<string, string>>;
  /** Whether this call has created it. */
  readonly isNew: boolean;
  /** Whether this call has created it in place of one whose process has ended, with its lab. */
  readonly isSuccessor: boolean;
}

/** The environment variable that names the folder of the sandbox in which a process runs. */
export const INSIDE = "PULUMI_NETNS_SANDBOX";

/**
 * Opens the sandbox of a project, or creates it. Its lab ends with the machine, so the state of a sandbox that is gone is deleted.
 *
 * @throws UserError if user namespaces are not allowed.
 */
export async function openLasting(project: string): Promise<LastingSandbox> {
  const folder = await folderOf(project);
  const held = holderOf(folder);
  const isNew = held === undefined;
  const isSuccessor = isNew && existsSync(join(folder, HOLDER)) && !isCopied(folder);
  if (isNew) await makeFolder(folder);
  const pid = held ?? (await startHolder(folder));
  return { pid, enter: enterSandbox(pid), env: environmentIn(folder), isNew, isSuccessor };
}

/** Ends the sandbox of a project with all its processes, and deletes its state. Returns false if there was none. */
export async function removeLasting(project: string): Promise<boolean> {
  const folder = await folderOf(project);
  const pid = holderOf(folder);
  if (pid !== undefined) {
    const [program = "", ...words] = [...enterSandbox(pid), "sh", "-c", killAll()];
    await once(spawn(program, words, { stdio: "ignore" }), "exit");
  }
  const existed = existsSync(folder);
  await rm(folder, { recursive: true, force: true });
  return existed;
}

/** Returns whether the project has a sandbox that runs. */
export const hasLasting = async (project: string): Promise<boolean> => holderOf(await folderOf(project)) !== undefined;

/** Returns whether the project has a sandbox in which this process does not run, so that its stacks are not those of the sandbox. */
export const isOutsideOfLasting = (project: string): boolean =>
  process.env[INSIDE] === undefined && existsSync(join(project, FOLDER));

const folderOf = async (project: string): Promise<string> => join(await realpath(project), FOLDER);

const FOLDER = ".pulumi-sandbox";

/** Returns the process that holds a sandbox. The file alone is no proof: the ID may be that of another process since. */
function holderOf(folder: string): number | undefined {
  const { pid, environment } = recordedHolder(folder);
  return environment.includes(`${INSIDE}=${folder}`) && environment.includes(HOLDS) ? pid : undefined;
}

/** Returns whether a folder was copied from a project whose sandbox runs. */
function isCopied(folder: string): boolean {
  const { environment } = recordedHolder(folder);
  return environment.includes(HOLDS) && !environment.includes(`${INSIDE}=${folder}`);
}

/** Returns the process that a folder records as its holder, with its environment, which is empty if there is none. */
function recordedHolder(folder: string): { readonly pid?: number; readonly environment: readonly string[] } {
  try {
    const pid = Number(readFileSync(join(folder, HOLDER), "utf8"));
    return { pid, environment: readFileSync(`/proc/${pid}/environ`, "utf8").split("\0") };
  } catch {
    return { environment: [] };
  }
}

async function makeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, "home"), { recursive: true });
  await mkdir(join(folder, "state"));
  await writeFile(join(folder, ".gitignore"), "*\n");
  // The sandbox has no network, so it uses the plugins that are installed.
  const plugins = join(process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi"), "plugins");
  if (existsSync(plugins)) await symlink(plugins, join(folder, "home/plugins"));
}

/** Starts the process that holds a sandbox: in a session of its own, and without the input and output of this process. */
async function startHolder(folder: string): Promise<number> {
  const [program, ...words] = isolated("exec sleep infinity </dev/null >/dev/null 2>&1");
  const [hold, value = ""] = HOLDS.split("=");
  const holder = spawn(program, words, {
    cwd: "/",
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: {
      ...process.env,
      PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`,
      [INSIDE]: folder,
      [hold ?? ""]: value,
    },
  });
  const exit = once(holder, "exit").then(() => [""]);
  const [said] = (await Promise.race([once(holder.stdout, "data"), exit])) as [unknown];
  if (!String(said).startsWith("ready")) throw notAllowed();
  holder.stdout.destroy();
  holder.unref();
  const pid = holder.pid ?? 0;
  await writeFile(join(folder, HOLDER), String(pid));
  return pid;
}

const environmentIn = (folder: string): Record<string, string> => ({
  [INSIDE]: folder,
  PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
  PULUMI_HOME: join(folder, "home"),
  PULUMI_SKIP_UPDATE_CHECK: "true",
  ...fastPulumi(),
  PULUMI_SKIP_CHECKPOINTS: process.env["PULUMI_SKIP_CHECKPOINTS"] ?? "true",
  ...(process.env["PULUMI_CONFIG_PASSPHRASE_FILE"] === undefined && {
    PULUMI_CONFIG_PASSPHRASE: process.env["PULUMI_CONFIG_PASSPHRASE"] ?? "",
  }),
});

/** The file with the ID of the process that holds the sandbox. */
const HOLDER = "pid";

/** The environment variable that distinguishes the holder from the other processes of the sandbox. */
const HOLDS = "PULUMI_NETNS_HOLDS=1";
