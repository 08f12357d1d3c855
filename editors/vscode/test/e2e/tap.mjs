// Stands between editor and server and writes every message that passes to a file: node tap.mjs LOG SERVER ARGS...
import { spawn } from "node:child_process";
import { appendFileSync } from "node:fs";

const [log, program, ...args] = process.argv.slice(2);
const serving = args.at(-1) === "serve";
const server = spawn(program, args, { stdio: [serving ? "pipe" : "ignore", serving ? "pipe" : "inherit", "inherit"] });
server.on("exit", (code) => process.exit(code ?? 1));
process.on("SIGTERM", () => server.kill("SIGTERM"));
if (serving) {
  pass(process.stdin, server.stdin, "in");
  pass(server.stdout, process.stdout, "out");
}

function pass(from, to, dir) {
  let waiting = Buffer.alloc(0);
  from.on("data", (data) => {
    to.write(data);
    waiting = Buffer.concat([waiting, data]);
    for (let message = next(); message !== undefined; message = next()) {
      appendFileSync(log, `${JSON.stringify({ at: Date.now(), dir, message })}\n`);
    }
  });
  from.on("end", () => to.end());

  function next() {
    const end = waiting.indexOf("\r\n\r\n");
    const length = end < 0 ? NaN : Number(/content-length: (\d+)/i.exec(waiting.subarray(0, end).toString())[1]);
    if (Number.isNaN(length) || waiting.length < end + 4 + length) {
      return undefined;
    }
    const body = waiting.subarray(end + 4, end + 4 + length).toString();
    waiting = waiting.subarray(end + 4 + length);
    return JSON.parse(body);
  }
}
