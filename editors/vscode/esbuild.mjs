// Bundles the extension into out/extension.js, and with --test every unit test into out/test.
import { build } from "esbuild";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const common = { bundle: true, platform: "node", format: "cjs", external: ["vscode"], logLevel: "warning" };
if (process.argv.includes("--test")) {
  const entryPoints = readdirSync("test/unit").map((name) => `test/unit/${name}`);
  await build({ ...common, entryPoints, outdir: "out/test", target: "node20" });
} else {
  // VS Code 1.91, the oldest one that is supported, has Node 20.
  const options = { entryPoints: ["src/extension.ts"], outfile: "out/extension.js", target: "node20", minify: true };
  const { metafile } = await build({ ...common, ...options, metafile: true });
  writeFileSync("out/NOTICES.txt", notices(Object.keys(metafile.inputs)));
}

/** The licences of the libraries in the bundle, which have to go with them. */
function notices(inputs) {
  const folders = inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]).filter(Boolean);
  return [...new Set(folders)]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
      const text = file === undefined ? "" : readFileSync(path.join(folder, file), "utf8");
      return `${name} ${version} (${license})\n\n${text.trim()}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
