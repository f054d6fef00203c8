import { globSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { rolldown } from "rolldown";

/*
 * Bundles the package to dist/. Node needs up to a millisecond to load each module, and an `up` loads the SDK and the provider, so
 * dist/ contains a few large modules. A file that does not change is not written, since tests that run at the same time may load it.
 */

/** The modules that package.json and the programs in bin/ name, and the one that the traffic tests start. */
const ENTRIES = [
  "sdk/index",
  "provider/host",
  "plugin/main",
  "cli/main",
  "testing/index",
  "testing/traffic/probe-program",
];

const bundle = await rolldown({
  input: Object.fromEntries(ENTRIES.map((entry) => [entry, `${entry}.ts`])),
  platform: "node",
  external: /^[^./]/,
});
const { output } = await bundle.generate({ chunkFileNames: "chunks/[name].js", sourcemap: true, dir: "dist" });
await bundle.close();
const files = new Map(output.map((file) => [`dist/${file.fileName}`, file.type === "chunk" ? file.code : file.source]));

for (const [path, content] of files) {
  if ((await readFile(path, "utf8").catch(() => undefined)) === content) continue;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}
// npm makes the command executable only when it installs the package.
await chmod("dist/cli/main.js", 0o755);
for (const path of globSync("dist/**/*.{js,js.map}")) if (!files.has(path)) await rm(path);
