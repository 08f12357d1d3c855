// Gets what the tests need, under .build/vscode, and says what could not be got.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../../../..");
const BUILD = path.join(ROOT, ".build", "vscode");
// code-server compiles native modules against the headers that the package "node" brings along.
const PACKAGES = { node: "24.21.0", "code-server": "4.139.1", "playwright-core": "1.65.1" };
const HEADERS = ["/usr/include/gssapi/gssapi.h", "/usr/include/gssapi.h"];

/** Returns where everything is. Throws with one line for whatever is missing. */
export function install() {
  const chromium = process.env.CHROMIUM ?? program("chromium", "chromium-browser", "google-chrome") ?? apt("chromium");
  if (!HEADERS.some((file) => existsSync(file)) && process.platform === "linux") {
    apt("libkrb5-dev");
  }
  const node = nodeFolder(npm("node"));
  const env = { ...process.env, PATH: `${path.join(node, "bin")}:${process.env.PATH}`, npm_config_nodedir: node };
  const codeServer = path.join(npm("code-server", env), ".bin", "code-server");
  return { chromium: program(chromium) ?? chromium, codeServer, env, playwright: npm("playwright-core") };
}

/** Installs one package into a folder of its own, unless it is there; returns its `node_modules`. */
function npm(name, env = process.env) {
  const folder = path.join(BUILD, `${name}-${PACKAGES[name]}`);
  const modules = path.join(folder, "node_modules");
  if (!existsSync(path.join(modules, name, "package.json"))) {
    console.log(`installing ${name} ${PACKAGES[name]} ...`);
    const wanted = `${name}@${PACKAGES[name]}`;
    run("npm", ["install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund", "--loglevel=error", wanted], env);
  }
  return modules;
}

function nodeFolder(modules) {
  const name = `node-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;
  const places = [path.join(modules, "node", "node_modules", name), path.join(modules, name)];
  return places.find((place) => existsSync(place)) ?? path.join(modules, "node");
}

function program(...names) {
  const folders = (process.env.PATH ?? "").split(path.delimiter);
  return names.flatMap((name) => folders.map((folder) => path.join(folder, name))).find((file) => existsSync(file));
}

function apt(name) {
  if (process.getuid?.() !== 0 || program("apt-get") === undefined) {
    throw new Error(`${name} is missing and cannot be installed from here; install it, or name it in CHROMIUM`);
  }
  console.log(`installing ${name} with apt-get ...`);
  run("apt-get", ["install", "-y", "-q", "--no-install-recommends", name], process.env);
  return name;
}

function run(command, args, env) {
  const done = spawnSync(command, args, { env, encoding: "utf8" });
  if (done.status !== 0) {
    const said = `${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`.trim().split("\n").slice(-12).join("\n");
    throw new Error(`could not get ${args.at(-1)}: ${command} said:\n${said}`);
  }
}
