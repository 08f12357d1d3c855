import assert from "node:assert/strict";
import { test } from "node:test";
import { tell } from "../../src/environment";
import { Progress } from "../../src/progress";

test("a download", () => {
  const progress = new Progress();
  const line = (done: number): string => JSON.stringify({ what: "model", done, total: 50_000_000 });
  assert.deepEqual(progress.take(line(10_000_000)), { message: "model: 10 of 50 MB", increment: 20 });
  assert.deepEqual(progress.take(line(50_000_000)), { message: "model: 50 of 50 MB", increment: 80 });
  assert.deepEqual(progress.take('{"what": "unpacking", "done": 1, "total": 2}'), {
    message: "unpacking: 0 of 0 MB",
    increment: 0,
  });
});

test("without a length", () => {
  assert.deepEqual(new Progress().take('{"what": "model", "done": 3000000, "total": null}'), {
    message: "model: 3 MB",
  });
});

test("steps, and what is something else", () => {
  const progress = new Progress();
  assert.deepEqual(progress.take('{"step": "measuring Q8_0"}'), { message: "measuring Q8_0" });
  for (const other of ["Warning: x", "{broken", "{}", ""]) {
    assert.equal(progress.take(other), undefined);
  }
});

test("what pip does", () => {
  const said: string[] = [];
  const lines = ["Collecting numpy>=1.24 (from ai-lsp)", "  Building wheel for llama-cpp-python (pyproject.toml)", "x"];
  for (const line of [...lines, "Installing collected packages: numpy"]) {
    tell(line, (step) => said.push(step));
  }
  assert.deepEqual(said, ["fetching numpy", "compiling llama-cpp-python, which takes some minutes, once", "installing"]);
});
