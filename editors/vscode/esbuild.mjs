// Bundles the extension into out/extension.js, and with --test every unit test into out/test.
import { build } from "esbuild";
import { readdirSync } from "node:fs";

const common = { bundle: true, platform: "node", format: "cjs", external: ["vscode"], logLevel: "warning" };
if (process.argv.includes("--test")) {
  const entryPoints = readdirSync("test/unit").map((name) => `test/unit/${name}`);
  await build({ ...common, entryPoints, outdir: "out/test", target: "node20" });
} else {
  // VS Code 1.99, the oldest one that is supported, has Node 20.
  await build({ ...common, entryPoints: ["src/extension.ts"], outfile: "out/extension.js", target: "node20", minify: true });
}
