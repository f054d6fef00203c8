import * as v from "valibot";
import { type Backend, currentBackend } from "../provider/backend.ts";
import { projectName } from "./project.ts";
import { askPulumi, chosen } from "./pulumi.ts";
import { type StackPlace } from "./stack.ts";

/** A stack, whether or not it has a state, and the backend of its states. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
  /** Undefined where it is not known: the name of the stack alone then says whose an object is. */
  readonly backend: Backend | undefined;
}

/**
 * Finds out which stack of a project is meant, and where `pulumi` keeps its state.
 *
 * @throws Error with what `pulumi` said, when no stack is given and none is selected.
 */
export async function stackNamed(project: string, { cwd, stack }: StackPlace): Promise<StackName> {
  const [full, login] = await Promise.all([
    fullName({ cwd, stack }),
    // Outside of the project's folder, `pulumi` may use another backend.
    projectName(cwd) === project ? loginIn(cwd) : undefined,
  ]);
  // `dev`, or with its organization and project: `acme/seed/dev`.
  const [name = "", , organization = login?.user] = full.split("/").reverse();
  return { project, stack: name, backend: login && backendOf(login.url, cwd, organization) };
}

/** The stack's name with its organization, as far as `pulumi` knows the stack. */
async function fullName({ cwd, stack }: StackPlace): Promise<string> {
  const asked = askPulumi(cwd, "stack", "--show-name", "--fully-qualify-stack-names", ...chosen(stack));
  return stack === undefined ? (await asked).trim() : asked.then((said) => said.trim()).catch(() => stack);
}

/** `pulumi` may be a script that chooses a backend, so what it says counts; of Pulumi's service, it tells another address. */
function backendOf(url: string, folder: string, organization: string | undefined): Backend | undefined {
  const env = /^https?:/.test(url) ? process.env : { ...process.env, PULUMI_BACKEND_URL: url };
  return currentBackend({ env, folder }, organization);
}

/** Who is logged in to which backend; undefined where there is no login. */
const loginIn = (cwd: string) =>
  askPulumi(cwd, "whoami", "--json").then(
    (text) => v.parse(LOGIN, JSON.parse(text)),
    () => undefined,
  );

const LOGIN = v.object({ user: v.string(), url: v.string() });
