import assert from "node:assert/strict";
import { test } from "node:test";
import { INITIAL, look, type State } from "../../src/look";

const ready: State = { ...INITIAL, server: "running", model: "tiny" };
const cases: [string, Partial<State>, string, RegExp, string | undefined][] = [
  ["ready", {}, "sparkle", /ready, with tiny/, undefined],
  ["ready, and more to say", { message: "the model is unloaded" }, "sparkle", /tiny \(the model is unloaded\)/, undefined],
  ["ready, and the name again", { message: "tiny" }, "sparkle", /ready, with tiny\n/, undefined],
  ["loading", { busy: true, message: "loading tiny" }, "loading~spin", /loading tiny/, undefined],
  ["failed", { failed: true, message: "no such model" }, "error", /no such model/, "error"],
  ["off", { enabled: false }, "circle-slash", /suggestions are off/, undefined],
  ["off says so although the model failed", { enabled: false, failed: true }, "circle-slash", /off/, undefined],
  ["no server", { server: "missing", message: "not installed" }, "warning", /not installed/, "warning"],
  ["down", { server: "down", enabled: false }, "error", /does not run/, "error"],
  ["starting", { server: "starting" }, "loading~spin", /starting/, undefined],
];

for (const [name, change, icon, words, colour] of cases) {
  test(name, () => {
    const seen = look({ ...ready, ...change });
    assert.equal(seen.text, `$(${icon}) ai-lsp`);
    assert.match(seen.tooltip, words);
    assert.equal(seen.colour, colour);
  });
}
