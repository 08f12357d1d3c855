import assert from "node:assert/strict";
import { test } from "node:test";
import { instructed, question } from "../../src/instruction";

const ORDER = { action: "rewrite", first: 3, last: 7, instruction: "" };

test("the order gets what was said", () => {
  assert.deepEqual(instructed(ORDER, " use a dict "), { ...ORDER, instruction: "use a dict" });
});

test("nothing said, nothing ordered", () => {
  assert.equal(instructed(ORDER, undefined), undefined);
  assert.equal(instructed(ORDER, "  "), undefined);
});

test("lines as the editor counts them", () => {
  assert.equal(question(ORDER), "What is to be done with lines 4 to 8?");
  assert.equal(question({ ...ORDER, last: 3 }), "What is to be done with line 4?");
});
