import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Starts the slowest files first, so that no worker runs one of them alone at the end. Vitest knows the duration only of files
 * that have run before, which in a fresh clone is none. The virtual machine has one processor, so one file in four is in it: several at the
 * same time wait for each other, and look at the kernel more often while they wait.
 */
export default class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = (await super.sort(files)).toSorted((one, other) => placeOf(one) - placeOf(other));
    const { inMachine = [], here = [] } = Object.groupBy(sorted, ({ project }) =>
      project.name === "vm" ? "inMachine" : "here",
    );
    const mixed = here.flatMap((file, index) => (index % 3 === 0 ? [inMachine.shift() ?? [], file].flat() : [file]));
    return [...mixed, ...inMachine];
  }
}

const placeOf = ({ moduleId }: TestSpecification): number => {
  const place = LONG.findIndex((end) => moduleId.endsWith(end));
  return place === -1 ? LONG.length : place;
};

/** Files that take longer than half a minute, the slowest first. */
const LONG = [
  "kinds/crash.test.ts",
  "engine/engine-gone.test.ts",
  "engine/package.test.ts",
  "engine/readme.test.ts",
  "engine/examples.test.ts",
  "kinds/unfit-links.test.ts",
  "engine/options.test.ts",
  "cli/many-hosts.test.ts",
  "cli/after-kill.test.ts",
  "testing/path-matchers.test.ts",
  "kinds/trace-ipvlan.test.ts",
  "kinds/trace-wire-guard.test.ts",
  "testing/trace-multipath.test.ts",
  "testing/trace-agrees.test.ts",
  "testing/trace-links.test.ts",
  "engine/daemons.test.ts",
  "engine/errors.test.ts",
  "engine/templates.test.ts",
  "engine/kill-change.test.ts",
  "engine/kill-up.test.ts",
  "browser/serve.test.ts",
  "testing/trace.test.ts",
  "kinds/faults-by-hand.test.ts",
  "kinds/secure-networks.test.ts",
  "browser/serve-state.test.ts",
  "kinds/tunnel.test.ts",
  "engine/yaml.test.ts",
  "engine/python.test.ts",
  "engine/copies.test.ts",
  "testing/seed.test.ts",
  "engine/checks.test.ts",
  "kinds/netem.test.ts",
  "cli/stale-name.test.ts",
  "testing/trace-causes.test.ts",
  "kinds/kill.test.ts",
  "kinds/examples.test.ts",
  "kinds/edits-links.test.ts",
  "engine/kill-hosts.test.ts",
  "kinds/wire-guard.test.ts",
  "kinds/edits.test.ts",
  "kinds/edits-hosts.test.ts",
  "engine/changes.test.ts",
  "engine/process.test.ts",
  "kinds/many-hosts.test.ts",
  "engine/many-hosts-get.test.ts",
  "kinds/many-hosts-faults.test.ts",
  "engine/site.test.ts",
  "provider/kinds/hostile.test.ts",
  "kinds/bond.test.ts",
  "kinds/vlan-components.test.ts",
];
