import assert from "node:assert/strict";
import { test } from "node:test";
import { statisticsPage } from "../../src/statistics";
import { type Trace, whyPage } from "../../src/why";

const trace: Trace = {
  id: 7,
  uri: "file:///x/my%20file.py",
  language: "python",
  manual: false,
  text: "return 1",
  reason: "end of line",
  raw: "return 1 +",
  cached: false,
  shown: true,
  accepted: false,
  acceptedLength: 0,
  stages: { prefill: 12.34, total: 80 },
  counts: { prompt: 300, decode_ms: 30.25, shortened: false },
  decisions: [{ filter: "overlap", reason: "cut" }],
  snippets: [
    { source: "similar", path: "a.py", text: "x" },
    { source: "scope", path: "b.py", text: "y" },
  ],
  snippet_tokens: [0, 20],
};

test("why", () => {
  const page = whyPage(trace);
  assert.match(page, /Request 7 in my file\.py \(python\), while typing\./);
  assert.match(page, /\*\*Suggested:\*\*\n\n```\nreturn 1\n```/);
  assert.match(page, /\*\*What the model wrote:\*\*\n\n```\nreturn 1 \+\n```/);
  assert.match(page, /\*\*Fate:\*\* shown/);
  assert.match(page, /- overlap: cut/);
  assert.match(page, /- prefill: 12\.3\n/);
  assert.match(page, /- decode_ms: 30\.3\n- shortened: false\n/);
  assert.match(page, /- similar, a\.py: left out, to be in time\n- scope, b\.py: 20 tokens/);
});

test("why not", () => {
  const page = whyPage({ ...trace, text: "", raw: "", reason: "too long a line", shown: false });
  assert.match(page, /^# Why there was no suggestion\?/);
  assert.doesNotMatch(page, /Suggested/);
  assert.match(page, /\*\*Reason:\*\* too long a line/);
  assert.match(whyPage(undefined), /Nothing was asked for yet/);
});

test("what became of it", () => {
  assert.match(whyPage({ ...trace, acceptedLength: 4 }), /\*\*Fate:\*\* 4 characters of it accepted/);
  assert.match(whyPage({ ...trace, accepted: true, acceptedLength: 4 }), /\*\*Fate:\*\* accepted/);
});

test("statistics", () => {
  const stats = {
    requests: 8,
    suggested: 4,
    shown: 4,
    accepted: 1,
    partly_accepted: 2,
    started: 5,
    completed: 3,
    median_ms: 90.4,
    p95_ms: 200,
    silences: [{ reason: "inside a number", count: 3 }],
  };
  const index = { "/x": { kind: "ready", files: 3, lines: 40, message: "" } };
  const report = { engine: "ready", message: "", model: "tiny", enabled: true, problems: ["p"], index };
  const page = statisticsPage(report, stats);
  assert.match(page, /- Suggestions: 4 \(50 % of the requests\)/);
  assert.match(page, /- Accepted whole: 1 \(25 % of the texts shown\)/);
  assert.match(page, /- Runs of the model: 5 started, 3 to the end/);
  assert.match(page, /- Time to answer: 90 ms, 95 % within 200 ms/);
  assert.match(page, /- Nothing was suggested \(3 of the latest\): inside a number/);
  assert.match(page, /- Index of \/x: 3 files, 40 lines \(ready\)/);
  assert.match(page, /- Problem: p/);
});
