import assert from "node:assert/strict";
import { test } from "node:test";
import type { WorkspaceEdit } from "vscode-languageclient/node";
import { unasked } from "../../src/edits";

const URI = "file:///a.py";
const change = { textDocument: { uri: URI, version: 1 }, edits: [] };
const create = { kind: "create" as const, uri: "file:///new.py" };
const isOpen = (uri: string): boolean => uri === URI;

function edit(...documentChanges: NonNullable<WorkspaceEdit["documentChanges"]>): WorkspaceEdit {
  return { documentChanges, changeAnnotations: { one: { label: "ai-lsp (model)", needsConfirmation: true } } };
}

test("one open document is changed without a question", () => {
  const found = unasked(edit(change), isOpen);
  assert.deepEqual(found.changeAnnotations, { one: { label: "ai-lsp (model)", needsConfirmation: false } });
  assert.deepEqual(found.documentChanges, [change]);
});

test("all else is asked for", () => {
  const elsewhere = { ...change, textDocument: { uri: "file:///b.py", version: null } };
  for (const one of [edit(create, elsewhere), edit(create), edit(elsewhere), edit(change, elsewhere), { changes: {} }]) {
    assert.equal(unasked(one, isOpen), one);
  }
});
