import assert from "node:assert/strict";
import { test } from "node:test";
import { locate } from "../../src/server";

const on = (...files: string[]) => (file: string) => files.includes(file);
const nowhere = { command: [], environment: undefined, path: "" };

test("the user's own choice comes first", () => {
  const found = locate({ ...nowhere, command: ["/x/ai-lsp", "-v"], environment: "/env/python" }, "linux", on());
  assert.deepEqual(found, { program: "/x/ai-lsp", args: ["-v"] });
});

test("then what the extension installed, then the PATH", () => {
  const places = { ...nowhere, path: "relative:/a:/b" };
  assert.deepEqual(locate({ ...places, environment: "/env/python" }, "linux", on("/b/ai-lsp")), {
    program: "/env/python",
    args: ["-m", "ai_lsp"],
  });
  assert.deepEqual(locate(places, "linux", on("/b/ai-lsp")), { program: "/b/ai-lsp", args: [] });
});

test("a PATH relative to the workspace runs nothing from it", () => {
  assert.equal(locate({ ...nowhere, path: "relative:." }, "linux", () => true), undefined);
});
