/**
 * The ProxyCommand of ssh for a virtual machine: connects its standard input and output with the socket in its argument. The server waits
 * for one additional byte at the start.
 */
import { connect } from "node:net";

const [path = ""] = process.argv.slice(2);
const socket = connect(path);
socket.write("x");
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit());
