/** The ProxyCommand of ssh for a virtual machine: connects its standard input and output with the socket in its argument. */
import { connect } from "node:net";

const [path = ""] = process.argv.slice(2);
const socket = connect(path);
process.stdin.pipe(socket).pipe(process.stdout);
socket.on("close", () => process.exit());
