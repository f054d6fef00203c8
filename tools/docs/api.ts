import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Application, OptionDefaults, type TypeDocOptions } from "typedoc";
import type { PluginOptions } from "typedoc-plugin-markdown";

// Writes docs/api, a page for each import of the package. It is generated for the site, and not committed.
const root = new URL("../../", import.meta.url);
const path = (relative: string) => fileURLToPath(new URL(relative, root));
const { name, exports } = JSON.parse(readFileSync(path("package.json"), "utf8")) as {
  name: string;
  exports: Record<string, { types: string }>;
};

/** The modules by source folder, after which typedoc names them. Only Pulumi loads the provider. */
const modules = new Map(
  Object.entries(exports)
    .filter(([subpath]) => subpath !== "./provider")
    .map(([subpath, { types }]) => [
      /^\.\/dist\/(.+)\/index\.d\.ts$/.exec(types)?.[1] ?? "",
      subpath.replace(".", name),
    ]),
);

const options: TypeDocOptions & PluginOptions = {
  plugin: ["typedoc-plugin-markdown"],
  // An argument that only the SDK has, and the one that it sets; see tools/docs/source.ts.
  blockTags: [...OptionDefaults.blockTags, "@shorthand"],
  entryPoints: [...modules.keys()].map((folder) => path(`${folder}/index.ts`)),
  tsconfig: path("tsconfig.build.json"),
  out: path("docs/api"),
  name: "API",
  readme: "none",
  router: "module",
  entryFileName: "index",
  disableSources: true,
  excludeExternals: true,
  excludePrivate: true,
  excludeProtected: true,
  hidePageHeader: true,
  hideBreadcrumbs: true,
  interfacePropertiesFormat: "table",
  parametersFormat: "table",
  // A link that typedoc cannot resolve would be dead.
  treatWarningsAsErrors: true,
  logLevel: "Warn",
};

const app = await Application.bootstrapWithPlugins(options);
const project = await app.convert();
if (project === undefined) throw new Error("typedoc could not read the sources");
for (const module of project.children ?? []) module.name = modules.get(module.name) ?? module.name;
await app.generateOutputs(project);
if (app.logger.hasErrors() || app.logger.hasWarnings()) process.exitCode = 1;
