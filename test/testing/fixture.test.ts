import { expect as vitestsOwn } from "vitest";
import { expect, labTest } from "../../testing/index.ts";

const test = labTest({ project: "./examples/two-namespaces" });

test("the fixture gives a test a lab that is up", async ({ lab }) => {
  await expect(lab.host("red")).toReach(lab.host("blue"));
  await lab.exec("red", "touch", "/run/here");
});

test("the fixture gives the next test the same lab", async ({ lab }) => {
  await lab.exec("red", "ls", "/run/here");
  await vitestsOwn(lab.host("blue")).toReach(lab.host("red"));
});
