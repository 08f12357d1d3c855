import assert from "node:assert/strict";
import { test } from "node:test";
import { run } from "../../src/run";

const script = (source: string): [string, string[]] => [process.execPath, ["-e", source]];

test("output and lines", async () => {
  const lines: string[] = [];
  const [program, args] = script("console.log('a'); console.error('b'); console.log('c')");
  assert.equal(await run(program, args, { onErrorLine: (line) => lines.push(line) }), "a\nc");
  assert.deepEqual(lines, ["b"]);
});

test("a failure has the program's own words", async () => {
  const [program, args] = script("console.error('the reason'); process.exit(3)");
  await assert.rejects(run(program, args), { message: "the reason" });
  await assert.rejects(run("/no/such/program", []), /ENOENT/);
});

test("stopping takes what it started with it", { skip: process.platform === "win32" }, async () => {
  // The child ends only with its parent's group: it holds standard output open as long as it lives.
  const child = `require("child_process").spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], {stdio: "inherit"})`;
  const [program, args] = script(`${child}; console.log("started"); setInterval(() => {}, 1000)`);
  const stop = new AbortController();
  const running = run(program, args, { signal: stop.signal, onLine: () => { stop.abort(); } });
  await assert.rejects(running, { name: "AbortError" });
});

test("what was stopped before does not start", async () => {
  await assert.rejects(run("/no/such/program", [], { signal: AbortSignal.abort() }), { name: "AbortError" });
});
