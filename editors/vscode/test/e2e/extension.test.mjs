// What the extension does beside ghost text: status, commands, what it passes on, and trust.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { KEYS, TEXT } from "./code.mjs";
import { Editor } from "./editor.mjs";

const SLOW = { "ai-lsp.completion.deadlineMs": 10_000 };
let editor;
before(async () => {
  editor = await Editor.start({ settings: SLOW, files: { "a.py": TEXT, "broken.json": '{"a": 1,, }' } });
});
after(() => editor?.close());

test("settings reach the server, and only those that were set", async () => {
  await editor.open("a.py", TEXT);
  await editor.ready();
  const answers = editor.messages("in").filter((message) => message.method === undefined && message.result);
  const settings = answers.map((one) => one.result[0]).filter((one) => one && "repositoryFile" in one);
  assert.deepEqual(settings[0], { "completion.deadlineMs": 10_000, repositoryFile: true });
});

test("why", async () => {
  await editor.type(KEYS);
  await editor.press("Enter");
  await editor.waitForGhost();
  await editor.command("ai-lsp: Why This Suggestion?");
  await editor.until("the page", async () => (await editor.lines()).some((line) => line.includes("Why this suggestion?")));
  await editor.until("the request", async () => (await editor.lines()).some((line) => line.includes("in a.py (python)")));
});

test("off and on by the menu of the status bar", async () => {
  await editor.page.click('.statusbar-item[id*="ai-lsp"] a');
  await editor.until("the menu", async () => (await editor.rows()).some((row) => row.includes("Turn off")));
  await editor.press("Enter");
  await editor.until("off", async () => /suggestions are off/.test(await editor.status()));
  await editor.command("ai-lsp: Turn Suggestions On or Off");
  await editor.ready();
});

test("diagnostics of other servers and the focused file are passed on", async () => {
  await editor.open("broken.json", '{"a": 1,, }');
  const told = await editor.until("diagnostics", () => editor.messages("in", "ai-lsp/diagnostics").find(
    (one) => one.params.uri.endsWith("/broken.json") && one.params.diagnostics.length > 0));
  assert.equal(told.params.diagnostics[0].range.start.line, 0);
  await editor.until("focus", () => editor.messages("in", "textDocument/didFocus").some(
    (one) => one.params.textDocument.uri.endsWith("/broken.json")));
});

test("a server that is started anew", async () => {
  const starts = () => editor.messages("in", "initialize").length;
  const before = starts();
  await editor.command("ai-lsp: Restart the Server");
  await editor.until("another start", () => starts() === before + 1);
  await editor.ready();
});

test("a workspace that is not trusted sets nothing until it is", async () => {
  const off = { ".vscode/settings.json": '{"ai-lsp.completion.languagesOff": ["python"]}', ".ai-lsp.toml": "enabled = false\n" };
  const trust = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
  const stranger = await Editor.start({ settings: { ...SLOW, ...trust }, files: { ...off, "a.py": TEXT } });
  try {
    await stranger.open("a.py", TEXT);
    await stranger.ready();
    await stranger.type(KEYS);
    await stranger.press("Enter");
    assert.match(await stranger.waitForGhost(), /self/);
    await stranger.command("Workspaces: Manage Workspace Trust");
    await stranger.page.click(".workspace-trust-editor .monaco-button:has-text('Trust')");
    await stranger.until("the repository's file holds", async () => /suggestions are off/.test(await stranger.status()));
  } finally {
    await stranger.close();
  }
});
