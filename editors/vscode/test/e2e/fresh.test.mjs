// A fresh user: a clean home folder, and what README.md says, word for word.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { BODY, KEYS, TEXT } from "./code.mjs";
import { Editor, got } from "./editor.mjs";

test("a fresh user gets ghost text", async () => {
  const home = mkdtempSync(path.join(tmpdir(), "ai-lsp-home-"));
  const editor = await Editor.start({ server: false, install: false, launch: false, files: { "a.py": TEXT }, env: cleanHome(home) });
  try {
    followReadme(editor);
    await editor.launch();
    await editor.page.click(".notification-toast .monaco-button:has-text('Set Up')");
    await editor.until("the server and a model", async () => /ready, with/.test(await editor.status()), 1500);
    await editor.open("a.py", TEXT);
    await editor.type(KEYS);
    await editor.press("Enter");
    let ghost = "";
    await editor.until("ghost text", async () => {
      // A busy machine may miss the deadline of a fresh user, who has 450 ms, or have only the beginning by then. What
      // came late is shown at the next key, and only then: VS Code does not ask twice while the text is the same.
      await editor.press("Space", "Backspace");
      await editor.page.waitForTimeout(2500);
      ghost = words(await editor.ghost());
      return ghost !== "" && words(BODY).startsWith(ghost);
    }, 4);
    await editor.press("Tab");
    await editor.saved("a.py", (text) => words(text).includes(`${words(KEYS)} ${ghost}`));
  } finally {
    await editor.close();
    rmSync(home, { recursive: true, force: true });
  }
});

const words = (text) => text.trim().replaceAll(/\s+/g, " ");

/** The variables of somebody who has just come; what pip has compiled before is still there. */
function cleanHome(home) {
  const cache = process.env.PIP_CACHE_DIR ?? path.join(homedir(), ".cache", "pip");
  const env = { HOME: home, XDG_CACHE_HOME: "", XDG_CONFIG_HOME: "", XDG_DATA_HOME: "", AI_LSP_MODELS_DIR: "" };
  const npmrc = path.join(homedir(), ".npmrc");
  const npm = existsSync(npmrc) ? { npm_config_userconfig: npmrc } : {};
  return { ...env, ...npm, PIP_CACHE_DIR: cache, AI_LSP_CONFIG: "" };
}

/** Runs the commands under "Set up", with a `code` that is code-server. */
function followReadme(editor) {
  const readme = readFileSync(path.join(got.root, "editors", "vscode", "README.md"), "utf8");
  const [, section] = /^## Set up\n(.*?)^## /ms.exec(readme);
  const commands = section.split("\n").filter((line) => line.startsWith("    "));
  assert.deepEqual(commands.map((line) => line.trim().split(" ")[0]), ["make", "code"]);
  const code = editor.write("bin/code", `#!/bin/sh\nexec "${got.codeServer}" ${editor.folders.join(" ")} "$@"\n`, editor.folder);
  chmodSync(code, 0o755);
  const env = { ...editor.env, PATH: `${path.dirname(code)}:${editor.env.PATH}` };
  for (const command of commands) {
    const done = spawnSync("bash", ["-c", command], { cwd: got.root, env, encoding: "utf8" });
    assert.equal(done.status, 0, `${command}: ${done.stdout}${done.stderr}`);
  }
}
