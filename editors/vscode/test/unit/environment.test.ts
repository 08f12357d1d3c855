import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { Environment } from "../../src/environment";

const scratch = mkdtempSync(path.join(tmpdir(), "ai-lsp-"));
after(() => { rmSync(scratch, { recursive: true }); });

function made(requirement: string, bundled: boolean): Environment {
  const storage = mkdtempSync(path.join(scratch, "storage-"));
  const extension = mkdtempSync(path.join(scratch, "extension-"));
  const environment = new Environment(storage, extension);
  mkdirSync(path.join(extension, "server"));
  writeFileSync(path.join(extension, "server", "ai_lsp-2.0-py3-none-any.whl"), "");
  mkdirSync(path.dirname(environment.python), { recursive: true });
  writeFileSync(environment.python, "");
  const marker = { requirement: requirement.replace("HERE", extension), bundled, python: "3.11", version: "x" };
  writeFileSync(path.join(storage, "server", "ai-lsp.json"), JSON.stringify(marker));
  return environment;
}

test("nothing is installed before it is complete", () => {
  assert.equal(new Environment(path.join(scratch, "none"), scratch).installed, undefined);
});

test("the wheel of this version is current, another one is not", () => {
  assert.equal(made(path.join("HERE", "server", "ai_lsp-2.0-py3-none-any.whl[hub]"), true).isOutdated, false);
  assert.equal(made("/old/server/ai_lsp-1.0-py3-none-any.whl[hub]", true).isOutdated, true);
});

test("what the user chose is never outdated", () => {
  const environment = made("/my/checkout", false);
  assert.equal(environment.installed?.requirement, "/my/checkout");
  assert.equal(environment.isOutdated, false);
});

test("without a wheel the setting is asked for", async () => {
  const environment = new Environment(path.join(scratch, "storage"), path.join(scratch, "nowhere"));
  const wishes = { python: "", requirement: "", pipArguments: [] };
  await assert.rejects(
    environment.install(wishes, () => undefined, new AbortController().signal),
    /set ai-lsp\.server\.requirement/,
  );
});
