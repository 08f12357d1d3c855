/** How a suggestion came about, in words. */

export interface Trace {
  id: number;
  uri: string;
  language: string;
  manual: boolean;
  text: string;
  reason: string;
  raw: string;
  cached: boolean;
  shown: boolean;
  accepted: boolean;
  acceptedLength: number;
  stages: Record<string, number>;
  counts: Record<string, number | boolean>;
  decisions: { filter: string; reason: string; action?: string }[];
  snippets: { source: string; path?: string; text: string }[];
  snippet_tokens: number[];
}

/** Returns a page of Markdown about one suggestion; `undefined` is for none yet. */
export function whyPage(trace: Trace | undefined): string {
  if (trace === undefined) {
    return "# Why this suggestion?\n\nNothing was asked for yet. Type something, then come back.\n";
  }
  const file = decodeURIComponent(trace.uri.split("/").pop() ?? trace.uri);
  const lines = [
    `# Why ${trace.text === "" ? "there was no suggestion" : "this suggestion"}?`,
    "",
    `Request ${trace.id} in ${file} (${trace.language}), ${trace.manual ? "asked for by hand" : "while typing"}.`,
    "",
    ...block(trace.text === "" ? "" : "Suggested", trace.text),
    `**Reason:** ${trace.reason}${trace.cached ? " (from the cache)" : ""}`,
    "",
    ...(trace.raw !== trace.text ? block("What the model wrote", trace.raw) : []),
    `**Fate:** ${fate(trace)}`,
    "",
    ...section("Filters", trace.decisions.map((one) => `- ${one.filter}: ${one.reason}`)),
    ...section("Milliseconds", Object.entries(trace.stages).map(([name, ms]) => `- ${name}: ${ms.toFixed(1)}`)),
    ...section("Tokens", Object.entries(trace.counts).map(([name, count]) => `- ${name}: ${show(count)}`)),
    ...section("Context, the best last", trace.snippets.map((one, at) => snippet(one, trace.snippet_tokens[at] ?? 0))),
  ];
  return `${lines.join("\n").trimEnd()}\n`;
}

function show(count: number | boolean): string {
  return typeof count === "number" && !Number.isInteger(count) ? count.toFixed(1) : String(count);
}

function fate(trace: Trace): string {
  if (trace.accepted) {
    return "accepted";
  }
  if (trace.acceptedLength > 0) {
    return `${trace.acceptedLength} characters of it accepted`;
  }
  return trace.shown ? "shown" : "not shown";
}

function snippet(one: Trace["snippets"][number], tokens: number): string {
  const where = one.path === undefined ? one.source : `${one.source}, ${one.path}`;
  return `- ${where}: ${tokens > 0 ? `${tokens} tokens` : "left out, to be in time"}`;
}

function block(title: string, text: string): string[] {
  return title === "" || text === "" ? [] : [`**${title}:**`, "", "```", text, "```", ""];
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}`, "", ...lines, ""];
}
