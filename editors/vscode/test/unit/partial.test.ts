import assert from "node:assert/strict";
import { test } from "node:test";
import { acceptedLength } from "../../src/partial";

test("as much as stands there", () => {
  assert.equal(acceptedLength("return self.x", "return "), 7);
  assert.equal(acceptedLength("return self.x", ""), 0);
  assert.equal(acceptedLength("return self.x", "retain "), 0);
});

test("in UTF-16 units, with any line ends", () => {
  assert.equal(acceptedLength("😀 = 1\nx", "😀 "), 3);
  assert.equal(acceptedLength("a\nb\nc", "a\r\nb"), 3);
});
