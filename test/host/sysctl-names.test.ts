import { expect, test } from "vitest";
import { normalizeSysctlKey } from "../../provider/sysctl-key.ts";
import { generalKey, isListedTree, SYSCTL_KEYS } from "../../provider/sysctl-names.ts";
import { sandbox } from "../../tools/sandbox.ts";

/* The check `unknown-sysctl` takes a key in some trees for misspelt if the list of the package lacks it. */

test("the list has all keys of the kernel in its complete trees", async () => {
  await using host = await sandbox();
  const { stdout } = await host.try("sysctl", "--all", "--names");
  const keys = stdout.split("\n").map((key) => generalKey(normalizeSysctlKey(key) ?? key));
  const listed = keys.filter(isListedTree);
  expect(listed.length).toBeGreaterThan(150);
  expect(listed.filter((key) => !SYSCTL_KEYS.has(key))).toEqual([]);
});
