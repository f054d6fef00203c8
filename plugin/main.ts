import { exitWithEngine } from "../provider/engine-watch.ts";
import { listen } from "./server.ts";

// The engine passes its address as the last argument. Without one, it attaches to the port later (PULUMI_DEBUG_PROVIDERS).
const address = process.argv.slice(2).findLast((word) => !word.startsWith("-"));
exitWithEngine();
const { port } = await listen(address);
// The engine reads the port from the first line.
console.log(port);
