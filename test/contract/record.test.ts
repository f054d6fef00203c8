import { OF_FEATURES, TOOLS, type Tool } from "./cases.ts";
import { answersAsRecorded } from "./record.ts";

answersAsRecorded((Object.keys(TOOLS) as Tool[]).filter((tool) => !OF_FEATURES.includes(tool)));
