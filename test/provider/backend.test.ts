import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { currentBackend, isOnDisk } from "../../provider/backend.ts";
import { digest } from "../../provider/owner.ts";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "backend-"));
});

afterEach(() => rmSync(root, { recursive: true }));

/** Creates files in a new folder; `ROOT` in their texts stands for that folder. */
function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text.replaceAll("ROOT", root));
  }
}

/** Returns the URL of the backend of a project in the folder `project`; `ROOT` stands for the folder above it. */
function urlOf(
  files: Readonly<Record<string, string>>,
  env: Readonly<Record<string, string>> = {},
  folder = "project",
) {
  write({ "project/main.ts": "", ...files });
  const inRoot = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, value.replaceAll("ROOT", root)]));
  const found = currentBackend({ env: { HOME: join(root, "home"), ...inRoot }, folder: join(root, folder) });
  return found?.url.replaceAll(root, "ROOT");
}

const LOGIN = { "home/.pulumi/credentials.json": '{"current":"https://api.example.com"}' };
const PROJECT = { "project/Pulumi.yaml": "name: lab\nbackend:\n  url: s3://states\n" };

describe("the backend is", () => {
  test.each<[string, Record<string, string>, Record<string, string>, string | undefined]>([
    ["unknown if nothing names one", {}, {}, undefined],
    ["that of the environment variable", { ...PROJECT, ...LOGIN }, { PULUMI_BACKEND_URL: "gs://here" }, "gs://here"],
    ["that of the project rather than that of the login", { ...PROJECT, ...LOGIN }, {}, "s3://states"],
    ["that of the project if the variable is empty", PROJECT, { PULUMI_BACKEND_URL: "" }, "s3://states"],
    ["that of the login", { "project/Pulumi.yaml": "name: lab\n", ...LOGIN }, {}, "https://api.example.com"],
    ["that of the login, without a project", LOGIN, {}, "https://api.example.com"],
    [
      "that of the login in Pulumi's own folder",
      { ...LOGIN, "own/credentials.json": '{"current":"https://own.example.com"}' },
      { PULUMI_HOME: "ROOT/own" },
      "https://own.example.com",
    ],
    [
      "that of the login in a folder for logins",
      {
        "own/credentials.json": '{"current":"https://own.example.com"}',
        "keys/credentials.json": '{"current":"x://y"}',
      },
      { PULUMI_HOME: "ROOT/own", PULUMI_CREDENTIALS_PATH: "ROOT/keys" },
      "x://y",
    ],
    ["unknown after a logout", { "home/.pulumi/credentials.json": '{"current":""}' }, {}, undefined],
    ["unknown if the login names none", { "home/.pulumi/credentials.json": '{"accounts":{}}' }, {}, undefined],
    ["unknown if the login is not a text", { "home/.pulumi/credentials.json": '{"current":7}' }, {}, undefined],
    ["unknown if the login cannot be parsed", { "home/.pulumi/credentials.json": "{" }, {}, undefined],
    [
      "the same with a trailing slash",
      {},
      { PULUMI_BACKEND_URL: "https://api.example.com//" },
      "https://api.example.com",
    ],
  ])("%s", (_what, files, env, url) => {
    expect(urlOf(files, env)).toBe(url);
  });
});

describe("a project names its backend", () => {
  test.each([
    ["in a block", "name: lab\nbackend:\n  url: s3://states\nruntime: nodejs\n", "s3://states"],
    ["at the beginning of the file", "backend:\n  url: s3://states", "s3://states"],
    ["with lines in between", "backend:\n\n  # the team's\n# all of it\n  url: s3://states\n", "s3://states"],
    ["with a comment behind it", "backend: # ours\n    url: s3://states # of the team\n", "s3://states"],
    ["with other keys before", "backend:\n  kind: diy\n  url: s3://states\n", "s3://states"],
    ["with a # that does not begin a comment", "backend:\n  url: s3://states#1\n", "s3://states#1"],
    ["in double quotes", 'backend:\n  url: "s3://states"\n', "s3://states"],
    ["in single quotes", "backend:\n  url: 's3://states'\n", "s3://states"],
    ["in quotes, with blanks", 'backend:\n  url: "s3://all the states"\n', "s3://all the states"],
    ["without quotes, with blanks", "backend:\n  url: s3://all the states\n", "s3://all the states"],
    ["in one line", "backend: { url: s3://states }\n", "s3://states"],
    ["in one line without blanks", "backend: {url: s3://states}\n", "s3://states"],
    ["in one line, in quotes", 'backend: {"url": "s3://states", kind: diy}\n', "s3://states"],
    ["in several lines between braces", "backend: {\n  kind: diy,\n  url: s3://states\n}\n", "s3://states"],
    [
      "with line breaks as on Windows",
      "name: lab\r\nbackend:\r\n  url: s3://states\r\nruntime: nodejs\r\n",
      "s3://states",
    ],
    ["in JSON", '{"name":"lab","backend":{"url":"s3://states"}}', "s3://states"],
    [
      "in JSON of several lines",
      '{\n  "name": "lab",\n  "backend": {\n    "url": "s3://states"\n  }\n}\n',
      "s3://states",
    ],
    ["not if there is no backend", "name: lab\n", undefined],
    ["not if the backend is empty", "backend: {}\nurl: s3://states\n", undefined],
    ["not if another key has the url", "backend:\n  kind: diy\nstates:\n  url: s3://states\n", undefined],
    ["not if the backend is below another key", "config:\n  backend:\n    url: s3://states\n", undefined],
    ["not if a text only looks like it", "description: the backend: { url: s3://states }\n", undefined],
    ["not if it is a comment", "# backend:\n#   url: s3://states\n", undefined],
    ["not if the backend of JSON is below another key", '{"config":{"backend":{"url":"s3://states"}}}', undefined],
  ])("%s", (_how, text, url) => {
    expect(urlOf({ "project/Pulumi.yaml": text })).toBe(url);
  });

  test.each(["Pulumi.yaml", "Pulumi.yml", "Pulumi.json"])("in %s, also for a folder below", (name) => {
    const text = '{ "backend": { "url": "s3://states" } }';
    expect(urlOf({ [`project/${name}`]: text, "project/src/deep/x.ts": "" }, {}, "project/src/deep")).toBe(
      "s3://states",
    );
  });

  test("in the nearest file", () => {
    const files = { ...PROJECT, "project/part/Pulumi.json": '{"backend":{"url":"gs://part"}}' };
    expect(urlOf(files, {}, "project/part")).toBe("gs://part");
  });
});

describe("a backend in files", () => {
  test.each([
    ["file:///var/states", "file:///var/states"],
    ["file:///var/states/", "file:///var/states"],
    ["file:///var/../srv/states", "file:///srv/states"],
    ["file://.", "file://ROOT/project"],
    ["file://./.states", "file://ROOT/project/.states"],
    ["file://../states", "file://ROOT/states"],
    ["file://states", "file://ROOT/project/states"],
    ["file://~", "file://ROOT/home"],
    ["file://~/states", "file://ROOT/home/states"],
    ["file://~states", "file://ROOT/project/~states"],
  ])("at %s has the address %s, for each folder of the project", (url, address) => {
    const files = { "project/Pulumi.yaml": `backend:\n  url: ${url}\n`, "project/src/x.ts": "" };
    expect([urlOf(files), urlOf(files, {}, "project/src")]).toEqual([address, address]);
    expect(urlOf({ "project/Pulumi.yaml": "name: lab\n" }, { PULUMI_BACKEND_URL: url }, "project/src")).toBe(address);
  });

  test("is relative to the current folder without a project", () => {
    expect(urlOf({ "project/src/x.ts": "" }, { PULUMI_BACKEND_URL: "file://states" }, "project/src")).toBe(
      "file://ROOT/project/src/states",
    );
  });

  test("is in the user's home folder, also without the environment variable HOME", () => {
    const found = currentBackend({ env: { PULUMI_BACKEND_URL: "file://~/states" }, folder: root });
    expect(found?.url).toBe(`file://${homedir()}/states`);
  });
});

describe("the identity of a backend", () => {
  const of = (url: string, organization?: string) =>
    currentBackend({ env: { PULUMI_BACKEND_URL: url }, folder: root }, organization);

  test.each([
    ["https://api.example.com", undefined, "https://api.example.com"],
    ["https://api.example.com/", "team", "https://api.example.com team"],
    ["http://localhost:8080", "team", "http://localhost:8080 team"],
    ["file:///var/states", "organization", "file:///var/states"],
    ["s3://states", "organization", "s3://states"],
    ["azblob://https:", "organization", "azblob://https:"],
  ])("at %s in the organization %s is the hash of %j", (url, organization, text) => {
    expect(of(url, organization)).toEqual({ id: digest(text), url: url.replace(/\/$/, "") });
  });

  test("differs for another address or organization", () => {
    const ids = [of("file:///a"), of("file:///b"), of("https://a", "x"), of("https://a", "y"), of("https://a")];
    expect(new Set(ids.map((one) => one?.id)).size).toBe(5);
  });

  test.each([
    ["file:///var/states", true],
    ["s3://states", false],
    ["https://api.example.com", false],
  ])("at %s is on this machine: %j", (url, onDisk) => {
    expect(isOnDisk({ id: "01234567", url })).toBe(onDisk);
  });
});
