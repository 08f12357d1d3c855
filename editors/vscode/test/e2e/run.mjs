// `make test-vscode`: gets what is needed, then runs the tests in a real VS Code. Arguments name single test files, or
// are options of `node --test`, such as --test-name-pattern=emoji.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import path from "node:path";
import { install, ROOT } from "./install.mjs";

const here = import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname);
let got;
try {
  got = install();
} catch (error) {
  console.error(`make test-vscode: ${error.message}`);
  process.exit(2);
}
const vsix = readdirSync(path.join(ROOT, "dist")).filter((name) => name.endsWith(".vsix")).sort().at(-1);
const found = {
  chromium: got.chromium,
  codeServer: got.codeServer,
  playwright: got.playwright,
  root: ROOT,
  server: [path.join(ROOT, ".venv", "bin", "ai-lsp")],
  tap: path.join(here, "tap.mjs"),
  vsix: path.join(ROOT, "dist", vsix),
};
const options = process.argv.slice(2).filter((argument) => argument.startsWith("--"));
const named = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const files = readdirSync(here).filter((name) => name.endsWith(".test.mjs"));
const tests = files.filter((name) => named.length === 0 || named.includes(name.replace(".test.mjs", "")));
const check = ["--test", "--test-concurrency=1", "--test-reporter=spec", ...options, ...tests.map((name) => path.join(here, name))];
const args = named[0] === "picture" ? [path.join(here, "picture.mjs")] : check;
const done = spawnSync("node", args, {
  env: { ...got.env, AI_LSP_E2E: JSON.stringify(found) },
  stdio: "inherit",
});
process.exit(done.status ?? 1);
