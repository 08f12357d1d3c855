// One real VS Code (code-server) with this extension in a headless Chromium. Everything is asked of the program itself.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";

const SECONDS = 60;
export const got = JSON.parse(process.env.AI_LSP_E2E ?? "{}");

const SETTINGS = {
  "editor.quickSuggestions": { other: "off", comments: "off", strings: "off" },
  "editor.suggestOnTriggerCharacters": false,
  "editor.acceptSuggestionOnEnter": "off",
  "editor.minimap.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "security.workspace.trust.enabled": false,
  "telemetry.telemetryLevel": "off",
  "chat.disableAIFeatures": true,
  "extensions.autoUpdate": false,
  "extensions.autoCheckUpdates": false,
  "update.mode": "none",
  "files.autoSave": "off",
};

export class Editor {
  /**
   * Starts the editor. `settings` go over those above; `files` are written into the workspace first; `config` are more of
   * the server's own options.
   */
  static async start(options = {}) {
    const { settings = {}, files = {}, server = true, install = true, launch = true, env = {}, config = "" } = options;
    const editor = new Editor();
    editor.folder = mkdtempSync(path.join(tmpdir(), "ai-lsp-vscode-"));
    editor.workspace = path.join(editor.folder, "work");
    editor.log = path.join(editor.folder, "messages.jsonl");
    const own = { "ai-lsp.server.command": server ? [process.execPath, got.tap, editor.log, ...got.server] : [] };
    editor.write("data/User/settings.json", JSON.stringify({ ...SETTINGS, ...settings }), editor.folder);
    // A browser's VS Code takes what is a machine's own from there alone.
    editor.write("data/Machine/settings.json", JSON.stringify({ ...own, ...settings }), editor.folder);
    editor.write("config.yaml", "auth: none\n", editor.folder);
    // One editor serves several tests: what an earlier one typed must not become context of the next.
    editor.write("config.toml", `context.max_chars = 0\n${config}`, editor.folder);
    for (const [name, text] of Object.entries({ "a.txt": "", ...files })) {
      editor.write(name, text);
    }
    const own_env = { AI_LSP_CONFIG: path.join(editor.folder, "config.toml"), EXTENSIONS_GALLERY: "{}" };
    editor.env = { ...process.env, ...own_env, ...env };
    if (install) {
      editor.run("--install-extension", got.vsix);
    }
    if (launch) {
      await editor.launch();
    }
    return editor;
  }

  /** Runs code-server's command line to its end. */
  run(...args) {
    const done = spawnSync(got.codeServer, [...this.folders, ...args], { env: this.env, encoding: "utf8" });
    if (done.status !== 0) {
      throw new Error(`code-server ${args.join(" ")}: ${done.stdout}${done.stderr}`);
    }
  }

  get folders() {
    const at = (name) => path.join(this.folder, name);
    return ["--user-data-dir", at("data"), "--extensions-dir", at("extensions"), "--config", at("config.yaml")];
  }

  async launch() {
    const port = await freePort();
    const args = ["--bind-addr", `127.0.0.1:${port}`, "--disable-telemetry", "--disable-update-check", this.workspace];
    this.process = spawn(got.codeServer, [...this.folders, ...args], { env: this.env, stdio: "pipe" });
    this.output = "";
    this.process.stdout.on("data", (data) => (this.output += data));
    this.process.stderr.on("data", (data) => (this.output += data));
    await this.until("code-server listens", () => this.output.includes("HTTP server listening"));
    const { chromium } = createRequire(path.join(got.playwright, "x.js"))("playwright-core");
    this.browser = await chromium.launch({ executablePath: got.chromium, args: ["--no-sandbox", "--disable-gpu"] });
    this.page = await this.browser.newPage({ viewport: { width: 1100, height: 640 } });
    this.page.setDefaultTimeout(10 * SECONDS * 1000);
    await this.page.goto(`http://127.0.0.1:${port}/?folder=${this.workspace}`);
    await this.page.waitForSelector(".monaco-workbench");
    await this.until("the extension is there", () => this.status());
  }

  /** Waits until the model is loaded. */
  async ready() {
    await this.until("the server is ready", async () => /ready, with/.test((await this.status()) ?? ""));
    return this;
  }

  write(name, text, folder = this.workspace) {
    const file = path.join(folder, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  }

  /** Opens a file of the workspace, made with that text where one is given, with the cursor at its end. */
  async open(name, text) {
    if (text !== undefined) {
      this.write(name, text);
    }
    await this.pick("Control+p", name, name);
    const tab = `.tab.active[data-resource-name="${name}"]`;
    await this.until(`${name} is open`, () => this.page.$(tab));
    await this.page.click(".editor-instance .monaco-editor .view-lines");
    await this.press("Control+End");
  }

  /** Chooses from the command palette. */
  async command(title) {
    await this.pick("F1", title, title);
  }

  /** Chooses a code action for the cursor from the editor's own menu. */
  async action(title) {
    const row = `.action-widget .monaco-list-row:has-text("${title}")`;
    await this.until(`${title} is offered`, async () => {
      await this.press("Escape", "Control+.");
      return this.page.waitForSelector(row, { timeout: 3000 });
    }, 10);
    await this.page.click(row);
  }

  async pick(key, text, row) {
    await this.press(key);
    await this.page.waitForSelector(".quick-input-widget:not([style*='display: none']) input");
    await this.page.keyboard.type(text);
    const find = () => this.rows().then((rows) => rows.findIndex((one) => one.includes(row)));
    await this.until(`${row} can be chosen`, async () => (await find()) === 0);
    await this.press("Enter");
  }

  /** What an input at the top of the window asks; empty for none. */
  async asked() {
    const found = await this.texts(".quick-input-widget:not([style*='display: none']) .quick-input-message");
    return found.join("");
  }

  rows() {
    return this.texts(".quick-input-list .monaco-list-row");
  }

  async type(text, delay = 30) {
    await this.page.keyboard.type(text, { delay });
  }

  async press(...keys) {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  /** The ghost text on the screen, its lines joined; empty for none. */
  async ghost() {
    const inLine = await this.texts('.editor-instance .view-lines [class*="ghost-text-decoration"]');
    const below = await this.texts(".editor-instance .suggest-preview-text .view-line");
    return [inLine.join(""), ...below].join("\n").trimEnd();
  }

  async waitForGhost(test = (text) => text !== "") {
    let seen = "";
    await this.until("ghost text", async () => test((seen = await this.ghost())));
    return seen;
  }

  /** The lines of the editor that are on the screen, ghost text included. */
  lines() {
    return this.page.evaluate(() => {
      const top = (line) => parseFloat(line.style.top);
      const lines = [...document.querySelectorAll(".editor-instance .view-lines .view-line")];
      return lines.sort((a, b) => top(a) - top(b)).map((line) => line.textContent.replaceAll("\u00a0", " "));
    });
  }

  /** Saves, and returns what is on disk once `test` holds. */
  async saved(name, test) {
    const file = path.join(this.workspace, name);
    await this.until(`${name} is saved`, async () => {
      await this.press("Control+s"); // again and again: what was pressed before may still be at work
      return test(readFileSync(file, "utf8"));
    });
    return readFileSync(file, "utf8");
  }

  /** A file of the workspace as it is on disk; nothing while it is not there. */
  read(name) {
    const file = path.join(this.workspace, name);
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  }

  /** What the status bar says about us, as a screen reader reads it. */
  async status() {
    const found = await this.page.$$eval(".statusbar-item", (items) =>
      items.map((item) => item.querySelector("a")?.getAttribute("aria-label") ?? ""),
    );
    return found.find((label) => label.startsWith("ai-lsp"));
  }

  async texts(selector) {
    const texts = await this.page.$$eval(selector, (all) => all.map((one) => one.textContent));
    return texts.map((text) => text.replaceAll("\u00a0", " "));
  }

  /** The messages that passed, `dir` being "in" to the server and "out" of it. */
  messages(dir, method) {
    return this.passed(dir, method).map((one) => one.message);
  }

  /** The same with the time of each, `at`, in milliseconds. */
  passed(dir, method) {
    const lines = existsSync(this.log) ? readFileSync(this.log, "utf8").split("\n") : [];
    const all = lines.filter(Boolean).map((line) => JSON.parse(line));
    return all.filter((one) => one.dir === dir && (!method || one.message.method === method));
  }

  /** The answers to the requests with that method, by id. */
  answers(method) {
    const ids = new Set(this.messages("in", method).map((message) => message.id));
    return this.messages("out").filter((message) => message.method === undefined && ids.has(message.id));
  }

  async until(what, condition, seconds = SECONDS) {
    let trouble = "";
    // Looks are counted, not seconds: a machine that sleeps, or is busy with something else, fails no test.
    for (let looks = 0; looks < seconds * 40; looks += 1) {
      try {
        const value = await condition();
        if (value) {
          return value;
        }
      } catch (error) {
        trouble = String(error);
      }
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const picture = path.join(tmpdir(), "ai-lsp-vscode-failed.png");
    await this.page?.screenshot({ path: picture });
    const seen = this.page ? `${await this.status()} ${JSON.stringify(await this.lines())}` : this.output;
    throw new Error(`not within ${seconds} s: ${what}; ${seen} ${trouble}; see ${picture}`);
  }

  async close() {
    await this.browser?.close();
    const ended = new Promise((resolve) => this.process?.once("exit", resolve));
    if (this.process?.exitCode === null) {
      this.process.kill("SIGTERM");
      await ended;
    }
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}

function freePort() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}
