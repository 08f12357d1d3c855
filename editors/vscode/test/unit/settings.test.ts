import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, type Inspection, optionNames } from "../../src/settings";

const inspect =
  (found: Record<string, Inspection>) =>
  (name: string): Inspection | undefined =>
    found[name];

test("only what was set is sent, the nearest first", () => {
  const found = inspect({
    a: { globalValue: 1 },
    b: { globalValue: 1, workspaceValue: 2 },
    c: { globalValue: 1, workspaceValue: 2, workspaceFolderValue: 3 },
    d: {},
  });
  assert.deepEqual(chosen(["a", "b", "c", "d", "e"], found, true), { a: 1, b: 2, c: 3, repositoryFile: true });
});

test("false and 0 are values", () => {
  const found = inspect({ a: { globalValue: true, workspaceValue: false }, b: { workspaceValue: 0 } });
  assert.deepEqual(chosen(["a", "b"], found, true), { a: false, b: 0, repositoryFile: true });
});

test("a workspace that is not trusted sets nothing", () => {
  const found = inspect({ a: { globalValue: 1, workspaceValue: 2 }, b: { workspaceFolderValue: 3 } });
  assert.deepEqual(chosen(["a", "b"], found, false), { a: 1, repositoryFile: false });
});

test("the user may leave the repository's file out everywhere", () => {
  const found = inspect({ repositoryFile: { globalValue: false } });
  assert.deepEqual(chosen(["repositoryFile"], found, true), { repositoryFile: false });
});

test("the extension's own settings are no options of the server", () => {
  const categories = [
    { properties: { "ai-lsp.server.python": {} } },
    { properties: { "ai-lsp.enabled": {}, "ai-lsp.model.name": {} } },
  ];
  assert.deepEqual(optionNames(categories, "ai-lsp"), ["enabled", "model.name"]);
});
