import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import * as v from "valibot";
import { digest } from "./owner.ts";

/** A backend of Pulumi, which stores the states of stacks. */
export interface Backend {
  /** Eight hexadecimal digits: a hash of the address and, for a backend with organizations, the organization. */
  readonly id: string;
  /** The address, as for `pulumi login`. */
  readonly url: string;
}

/** The environment and folder of this process. */
export interface BackendContext {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The folder of the project. */
  readonly folder: string;
}

/**
 * Finds the backend that Pulumi uses, in Pulumi's own order: the variable PULUMI_BACKEND_URL, the project's `backend.url`,
 * the login. Undefined if none of them names one.
 *
 * @param organization The organization of the stack; it counts only on Pulumi's own service.
 */
export function currentBackend({ env, folder }: BackendContext, organization?: string): Backend | undefined {
  const project = projectFile(folder);
  const url = env["PULUMI_BACKEND_URL"] || (project && projectUrl(project.text)) || loginUrl(env);
  if (!url) return undefined;
  const address = normalizeUrl(url, project === undefined ? folder : dirname(project.path), env);
  const owned = isService(address) && organization !== undefined ? `${address} ${organization}` : address;
  return { id: digest(owned), url: address };
}

/** Returns whether a backend is a service, where stacks of several organizations may have the same name. */
export const hasOrganizations = ({ url }: Backend): boolean => isService(url);

/** Returns whether an address of a backend is that of a service. */
export const isService = (url: string): boolean => /^https?:/.test(url);

/** Returns whether a backend stores states in files of this machine, so that a copy of their folder is another state. */
export const isOnDisk = ({ url }: Backend): boolean => url.startsWith("file://");

function projectFile(folder: string): { path: string; text: string } | undefined {
  for (let at = resolve(folder); ; at = dirname(at)) {
    for (const name of ["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"]) {
      const text = readText(join(at, name));
      if (text !== undefined) return { path: join(at, name), text };
    }
    if (at === dirname(at)) return undefined;
  }
}

/** Returns the `url` under `backend` in a project file, in YAML's block or flow style or in JSON. */
function projectUrl(text: string): string | undefined {
  const parsed = v.safeParse(
    v.pipe(v.string(), v.parseJson(), v.object({ backend: v.object({ url: v.string() }) })),
    text,
  );
  if (parsed.success) return parsed.output.backend.url;
  const [, block = ""] = BACKEND.exec(text) ?? [];
  const [, double, single, plain] = URL_VALUE.exec(block) ?? [];
  return double ?? single ?? plain;
}

// An indented key is a different one, for example in the configuration of a template or a project.
const BACKEND = /^"?backend"?[^\S\n]*:((?:[^\S\n]*\{[^}]*\}|[^\n]*(?:\n(?:[^\S\n]+[^\n]*|#[^\n]*)?)*))/m;
const URL_VALUE =
  /(?:^|[\n{,])\s*"?url"?\s*:\s*(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"'][^\n,}]*?))(?:[^\S\n]+#[^\n]*|[^\S\n]*[,}][^\n]*|[^\S\n]*)$/m;

function loginUrl(env: BackendContext["env"]): string | undefined {
  const home = env["PULUMI_HOME"] || join(env["HOME"] || homedir(), ".pulumi");
  const text = readText(
    env["PULUMI_CREDENTIALS_PATH"]
      ? join(env["PULUMI_CREDENTIALS_PATH"], "credentials.json")
      : join(home, "credentials.json"),
  );
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), v.object({ current: v.string() })), text);
  return parsed.success ? parsed.output.current : undefined;
}

/** Returns the absolute address of a backend: a file backend may be relative to the project or to the home folder. */
function normalizeUrl(url: string, folder: string, env: BackendContext["env"]): string {
  if (!url.startsWith("file://")) return url.replace(/\/+$/, "");
  const path = url.slice("file://".length).replace(/^~(?=\/|$)/, env["HOME"] || homedir());
  return `file://${resolve(folder, path)}`;
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
