import * as v from "valibot";
import { type Backend, currentBackend } from "../provider/backend.ts";
import { projectName } from "./project.ts";
import { askPulumi, type StackPlace } from "./stack.ts";

/** A stack, whether or not it has a state, and the backend of its states. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
  /** Undefined where it is not known: the name of the stack alone then says whose an object is. */
  readonly backend: Backend | undefined;
}

/**
 * Finds out which stack is meant, and where `pulumi` keeps its state.
 *
 * @param project The name of the project, where it is not that of the folder.
 * @throws Error when no project is given and the folder is in none, or no stack is given and none is selected.
 */
export async function stackNamed(
  { cwd, stack }: StackPlace,
  project: string | undefined = projectName(cwd),
): Promise<StackName> {
  if (project === undefined)
    throw new Error("this is no folder of a Pulumi project; say which is meant: --project seed --stack dev");
  const [full, login] = await Promise.all([
    stack ?? askPulumi(cwd, "stack", "--show-name", "--fully-qualify-stack-names"),
    // Outside of the project's folder, `pulumi` may use another backend.
    projectName(cwd) === project ? loginIn(cwd) : undefined,
  ]);
  // `dev`, or with its organization and project: `acme/seed/dev`.
  const [name = "", , organization = login?.user] = full.trim().split("/").reverse();
  // `pulumi` may be a script that chooses the backend, so what it says counts, and not what this process was given.
  const env = { ...process.env, PULUMI_BACKEND_URL: login?.url };
  return { project, stack: name, backend: login && currentBackend({ env, folder: cwd }, organization) };
}

/** Who is logged in to which backend; undefined where there is no login. */
const loginIn = (cwd: string) =>
  askPulumi(cwd, "whoami", "--json").then(
    (text) => v.parse(LOGIN, JSON.parse(text)),
    () => undefined,
  );

const LOGIN = v.object({ user: v.string(), url: v.string() });
