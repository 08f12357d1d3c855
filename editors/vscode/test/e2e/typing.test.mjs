// Ghost text while typing, in a real VS Code with the real server and the real model.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { BODY, KEYS, TEXT } from "./code.mjs";
import { Editor } from "./editor.mjs";

let editor;
before(async () => {
  // Files that are there from the start: quick open may not know a new one yet.
  const names = ["whole", "through", "words", "other", "dos", "emoji", "beside", "keys"];
  const files = Object.fromEntries(names.map((name) => [`${name}.py`, TEXT]));
  editor = await Editor.start({ files, settings: { "ai-lsp.completion.deadlineMs": 10_000 } });
});
after(() => editor?.close());
afterEach(() => editor.press("Escape", "Escape"));

/** Opens the text, types, and returns the ghost text that appears. */
async function suggested(name, { text = TEXT, keys = KEYS } = {}) {
  await editor.open(name, text);
  await editor.ready();
  await editor.type(keys);
  await editor.press("Enter");
  return editor.waitForGhost((ghost) => shown(ghost) === BODY_SHOWN);
}

const shown = (ghost) => ghost.split("\n").map((line) => line.trim()).join("\n");
const BODY_SHOWN = shown(BODY);

test("it appears, Tab accepts it whole, and the server is told", async () => {
  await suggested("whole.py");
  assert.ok(editor.messages("in", "textDocument/didShowCompletion").length > 0);
  await editor.press("Tab");
  await editor.saved("whole.py", (text) => text === `${TEXT}${KEYS}\n        ${BODY}`);
  await editor.until("ai-lsp.accepted", () => editor.messages("in", "workspace/executeCommand").some(
    (message) => message.params.command === "ai-lsp.accepted"));
});

test("typing through leaves the rest", async () => {
  await suggested("through.py");
  await editor.type('"""Ret');
  await editor.waitForGhost((ghost) => shown(ghost) === BODY_SHOWN.slice('"""Ret'.length));
  await editor.press("Tab");
  await editor.saved("through.py", (text) => text === `${TEXT}${KEYS}\n        ${BODY}`);
});

test("by word and by line, and the server is told how far", async () => {
  await suggested("words.py");
  const told = () => editor.messages("in", "textDocument/didPartiallyAcceptCompletion").map(
    ({ params }) => params.item.insertText.slice(0, params.acceptedLength).trimEnd());
  await editor.press("Control+ArrowRight");
  await editor.saved("words.py", (text) => text.endsWith('(self):\n        """'));
  await editor.until("told of the word", () => told().at(-1) === '"""');
  await editor.press("Control+Alt+ArrowRight");
  await editor.saved("words.py", (text) => text.trimEnd().endsWith('"""Return delta."""'));
  await editor.until("told of the line", () => told().at(-1)?.endsWith('Return delta."""'));
});

test("other text takes it away, Escape too, and Alt+\\ asks again", async () => {
  await suggested("other.py");
  await editor.press("Escape");
  await editor.until("it is gone", async () => (await editor.ghost()) === "");
  await editor.press("Alt+Backslash");
  await editor.waitForGhost((ghost) => ghost.includes("self.delta"));
  const asked = editor.messages("in", "textDocument/inlineCompletion").map((one) => one.params.context.triggerKind);
  assert.ok(asked.includes(1), "no request by hand");
  await editor.type("pass");
  await editor.until("it is gone", async () => !(await editor.ghost()).includes("Return"));
});

test("lines that end in CRLF", async () => {
  await suggested("dos.py", { text: TEXT.replaceAll("\n", "\r\n") });
  await editor.press("Tab");
  const text = await editor.saved("dos.py", (saved) => saved.endsWith("self.delta"));
  assert.equal(text, `${TEXT}${KEYS}\n        ${BODY}`.replaceAll("\n", "\r\n"));
});

test("characters of two UTF-16 units before the cursor", async () => {
  const lines = [1, 2, 3, 4, 5].map((number) => `print("😀é", one, two, ${number})\n`).join("");
  await editor.open("emoji.py", `${lines}print("😀é", one, t`); // a bracket that is typed is closed at once
  await editor.ready();
  await editor.type("w");
  const ghost = await editor.waitForGhost((text) => text.startsWith("o, "));
  await editor.press("Tab");
  await editor.saved("emoji.py", (text) => text === `${lines}print("😀é", one, tw${ghost}`);
});

test("beside IntelliSense it extends what is selected there", async () => {
  await editor.open("beside.py", `${TEXT}${KEYS}\n        """Return delta."""\n`);
  await editor.type("        return self.get_al");
  await editor.press("Control+Space");
  await editor.until("IntelliSense", async () =>
    (await editor.texts(".suggest-widget.visible .monaco-list-row.focused")).some((row) => row.includes("get_alpha")));
  const extends_ = (message) => message.params.context.selectedCompletionInfo?.text === "get_alpha";
  const request = await editor.until("a request", () => editor.messages("in", "textDocument/inlineCompletion").find(extends_));
  const answer = await editor.until("its answer", () => editor.messages("out").find((one) => one.id === request.id));
  for (const item of answer.result?.items ?? []) {
    assert.ok(item.insertText.startsWith("get_alpha"), item.insertText);
    assert.deepEqual(item.range, request.params.context.selectedCompletionInfo.range);
  }
  await editor.press("Tab");
  await editor.saved("beside.py", (text) => text.includes("return self.get_alpha"));
});

test("18 keys give 18 replies or cancels, and three model runs at most", async () => {
  await editor.open("keys.py", TEXT);
  await editor.ready();
  const runs = async () => {
    await editor.until("quiet", () => editor.answers("textDocument/inlineCompletion").length
      === editor.messages("in", "textDocument/inlineCompletion").length);
    return figures();
  };
  const [before, asked] = [await runs(), editor.messages("in", "textDocument/inlineCompletion").length];
  await editor.type("slow = fast_typing", 60);
  const after = await runs();
  const ran = (how) => after[how] - before[how];
  const requests = editor.messages("in", "textDocument/inlineCompletion").slice(asked);
  // VS Code asks for each of the keys, but on a busy machine it takes some of them together.
  assert.ok(requests.length > 0 && requests.length <= 18, `${requests.length} requests`);
  const answers = editor.answers("textDocument/inlineCompletion").slice(asked);
  assert.deepEqual(answers.map((one) => one.id).sort(), requests.map((one) => one.id).sort());
  const times = editor.passed("in", "textDocument/inlineCompletion").slice(asked).map((one) => one.at);
  const gaps = times.slice(1).map((time, index) => time - times[index]);
  console.log(`milliseconds between the requests: ${gaps.join(" ")}`);
  console.log(`18 keys: ${requests.length} requests, ${answers.filter((one) => one.error).length} cancelled, ${ran("started")} runs started, ${ran("completed")} to the end`);
  // A busy machine stands still between keys, and a key after a pause is no rush: each may cost a run of its own.
  const pauses = gaps.filter((gap) => gap > 75).length;
  assert.ok(ran("started") <= Math.max(3, 2 + pauses), `${ran("started")} runs, ${pauses} pauses`);
});

/** Shows the statistics, and returns the counts that the server has sent for them. */
async function figures() {
  const sent = () => editor.messages("out").filter((message) => message.result?.started !== undefined);
  const before = sent().length;
  await editor.command("ai-lsp: Show Statistics");
  return editor.until("counts", () => sent()[before]?.result);
}
