import { finishesAfterCrash } from "../support/crashes.ts";
import { steps } from "./crash-steps.ts";

finishesAfterCrash(steps);
