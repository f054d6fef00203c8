import * as v from "valibot";
import { type Backend, currentBackend, isService } from "../provider/backend.ts";
import { projectName } from "./project.ts";
import { askPulumi, chosen } from "./pulumi.ts";
import { type StackPlace } from "./stack.ts";

/** A stack, with or without a state, and the backend of its state. */
export interface StackName {
  readonly project: string;
  readonly stack: string;
  /** Undefined if unknown: then the name of the stack alone determines the owner of an object. */
  readonly backend: Backend | undefined;
}

/**
 * Finds out which stack of a project is meant, and in which backend `pulumi` keeps its state.
 *
 * @throws Error with the output of `pulumi` if no stack is given and none is selected.
 */
export async function stackNamed(project: string, { cwd, stack }: StackPlace): Promise<StackName> {
  // Outside the project's folder, `pulumi` may use another backend.
  const asked = projectName(cwd) === project ? loginIn(cwd) : undefined;
  // Each start of `pulumi` takes a while, and only a service adds an organization to the name of a stack.
  const isFull = stack !== undefined && !isService((await asked)?.url ?? "");
  const [full, login] = await Promise.all([isFull ? stack : fullName({ cwd, stack }), asked]);
  // `dev`, or with organization and project: `acme/seed/dev`.
  const [name = "", , organization = login?.user] = full.split("/").reverse();
  return { project, stack: name, backend: login && backendOf(login.url, cwd, organization) };
}

/** Returns the stack's name with its organization, if `pulumi` knows the stack. */
async function fullName({ cwd, stack }: StackPlace): Promise<string> {
  const asked = askPulumi(cwd, "stack", "--show-name", "--fully-qualify-stack-names", ...chosen(stack));
  return stack === undefined ? (await asked).trim() : asked.then((said) => said.trim()).catch(() => stack);
}

/** Returns the backend that `pulumi` reports: `pulumi` may be a wrapper that selects one. For Pulumi Cloud it reports another URL. */
function backendOf(url: string, folder: string, organization: string | undefined): Backend | undefined {
  const env = isService(url) ? process.env : { ...process.env, PULUMI_BACKEND_URL: url };
  return currentBackend({ env, folder }, organization);
}

/** Returns the logged-in user and the backend; undefined without a login. */
const loginIn = (cwd: string) =>
  askPulumi(cwd, "whoami", "--json").then(
    (text) => v.parse(LOGIN, JSON.parse(text)),
    () => undefined,
  );

const LOGIN = v.object({ user: v.string(), url: v.string() });
