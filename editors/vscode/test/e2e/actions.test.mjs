// Code actions by VS Code's own menu, in a real VS Code with the real server; the model is one on loopback whose answers
// are known.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Editor } from "./editor.mjs";
import { Endpoint } from "./endpoint.mjs";

const BODY = `    result = 0
    for price in prices:
        result = result + price
    return result
`;
const TEXT = `def total(prices):
${BODY}

def largest(numbers):
    ...
`;
let editor;
let model;
before(async () => {
  model = await Endpoint.start();
  const files = Object.fromEntries(["document", "told", "silent", "tested", "explained"].map((name) => [`${name}.py`, TEXT]));
  editor = await Editor.start({ files, config: model.config });
});
after(async () => {
  await editor?.close();
  model?.close();
});
afterEach(() => editor.press("Escape", "Escape"));

/** Opens the text with the cursor in its first function, and chooses an action from the menu. */
async function choose(name, action) {
  await editor.open(name, TEXT);
  await editor.ready();
  await editor.press("Control+Home", "ArrowDown");
  await editor.action(action);
}

test("document this: the edit comes, and one step takes it back", async () => {
  model.answer = "Add up all prices.";
  await choose("document.py", "Document `total`");
  await editor.page.click(".notification-toast .monaco-button:has-text('Allow')");
  await editor.saved("document.py", (text) => text === TEXT.replace("\n", '\n    """Add up all prices."""\n'));
  await editor.press("Control+z");
  await editor.saved("document.py", (text) => text === TEXT);
});

test("rewrite as told: what is to be done is asked for, done, and taken back in one step", async () => {
  model.answer = "def total(prices):\n    return sum(prices)\n";
  await choose("told.py", "Rewrite as told: `total`…");
  await editor.until("the question", async () => (await editor.asked()).includes("What is to be done with lines 1 to 5?"));
  await editor.type("use sum");
  await editor.press("Enter");
  await editor.saved("told.py", (text) => text === TEXT.replace(BODY, "    return sum(prices)\n"));
  assert.match(model.asked.at(-1), /Change this python code: use sum/);
  await editor.press("Control+z");
  await editor.saved("told.py", (text) => text === TEXT);
});

test("rewrite as told: nothing said, nothing done", async () => {
  const before = model.asked.length;
  await choose("silent.py", "Rewrite as told: `total`…");
  await editor.until("the question", async () => (await editor.asked()).includes("What is to be done"));
  await editor.type("use sum");
  await editor.press("Escape");
  await editor.until("no question", async () => (await editor.asked()) === "");
  model.answer = "Add up all prices.";
  await editor.action("Document `total`");
  await editor.saved("silent.py", (text) => text.includes("Add up all prices."));
  assert.equal(model.asked.length, before + 1);
  assert.deepEqual(await editor.texts(".notification-toast"), []);
});

test("a test becomes a file, which is shown first", async () => {
  model.answer = "def test_total():\n    assert total([1]) == 1\n";
  await choose("tested.py", "Write a test for `total`");
  await editor.until("the preview", async () => (await editor.texts(".bulk-edit-panel")).join().includes("test_tested.py"));
  for (const box of await editor.page.$$(".bulk-edit-panel .monaco-list-row .edit-checkbox")) {
    await box.check();
  }
  await editor.page.click(".bulk-edit-panel .monaco-button:has-text('Apply')");
  await editor.until("the file", () => editor.read("tests/test_tested.py")?.includes("assert total([1]) == 1"));
});

test("an explanation is a document beside the code", async () => {
  model.answer = "It adds **up**.";
  await choose("explained.py", "Explain `total`");
  await editor.until("the document", async () => (await editor.lines()).some((line) => line.includes("It adds **up**.")));
});

test("document this with the default model", async () => {
  const alone = await Editor.start({ files: { "alone.py": TEXT } });
  try {
    await alone.open("alone.py", TEXT);
    await alone.ready();
    await alone.press("Control+Home", "ArrowDown");
    await alone.action("Document `total` (smollm2-135m)");
    const documented = /^def total\(prices\):\n {4}"""\S[^]*"""\n {4}result = 0\n/;
    await alone.saved("alone.py", (text) => documented.test(text) && text.endsWith(TEXT.slice(TEXT.indexOf("\n"))));
    await alone.press("Control+z");
    await alone.saved("alone.py", (text) => text === TEXT);
  } finally {
    await alone.close();
  }
});
