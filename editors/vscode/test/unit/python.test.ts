import assert from "node:assert/strict";
import { test } from "node:test";
import { candidates, findPython, isNewEnough } from "../../src/python";

/** Answers like these programs; those that are not named are not there. */
const machine =
  (answers: Record<string, string | Error>) =>
  (program: string): Promise<string> => {
    const answer = answers[program] ?? new Error(`spawn ${program} ENOENT`);
    return answer instanceof Error ? Promise.reject(answer) : Promise.resolve(`${answer}\n`);
  };

test("versions", () => {
  assert.equal(isNewEnough("3.10.0"), true);
  assert.equal(isNewEnough("3.9.18"), false);
  assert.equal(isNewEnough("4.0"), true);
  assert.equal(isNewEnough("2.7.18"), false);
});

test("a chosen Python is the only one", () => {
  assert.deepEqual(candidates("/opt/python", "linux"), [["/opt/python"]]);
  assert.deepEqual(candidates("", "win32")[0], ["py", "-3"]);
});

test("the first that is new enough", async () => {
  const found = await findPython("", machine({ python3: "3.9.2", "python3.12": "3.12.1" }), "linux");
  assert.deepEqual(found, { program: "python3.12", args: [], version: "3.12.1" });
});

test("what was found instead is told", async () => {
  const noVenv = new Error("Traceback\nModuleNotFoundError: No module named 'ensurepip'");
  await assert.rejects(findPython("", machine({ python3: "3.9.2", "python3.11": noVenv }), "linux"), (error: Error) => {
    assert.match(error.message, /needs Python 3\.10 or newer/);
    assert.match(error.message, /python3: 3\.9\.2/);
    assert.match(error.message, /python3\.11: has no venv module \(on Debian and Ubuntu: apt install python3-venv\)/);
    return true;
  });
});

test("nothing there", async () => {
  await assert.rejects(findPython("", machine({}), "linux"), { message: /venv module\.$/ });
});
