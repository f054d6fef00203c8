import { expect, test } from "vitest";
import { impairmentText } from "../../lab/impairment-text.ts";

test.each([
  [{ delay: "20ms", jitter: "2ms", loss: "1%", rate: "10mbit" }, "20 ms ± 2 ms, 1 % loss, 10 Mbit/s"],
  [{ delay: "0.5ms" }, "0.5 ms"],
  [
    { loss: 0.1, duplicate: "1%", corrupt: "2%", reorder: "3%" },
    "0.1 % loss, 1 % sent twice, 2 % corrupt, 3 % reordered",
  ],
  [{ rate: "1500kbit" }, "1.5 Mbit/s"],
  [{ rate: 1_234_567_890 }, "1.235 Gbit/s"],
  [{ rate: "512bit", delay: "0ms" }, "512 bit/s"],
  [{ delay: "0ms", loss: "0%", limit: 10 }, undefined],
  [{ delay: null }, undefined],
])("%j is shown as %j", (given, text) => {
  expect(impairmentText(given)).toBe(text);
});
