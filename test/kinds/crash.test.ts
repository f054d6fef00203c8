import { finishesAfterCrash } from "../support/crashes.ts";
import { stride } from "../support/turns.ts";
import { steps } from "./crash-steps.ts";

finishesAfterCrash(steps, stride(9));
