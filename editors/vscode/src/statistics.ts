/** What the server has done since it was started, in words. */
import type { Report, Stats } from "./client";

/** Returns a page of Markdown. */
export function statisticsPage(report: Report, stats: Stats): string {
  const { requests, suggested, shown, accepted, started, completed } = stats;
  const lines = [
    "# ai-lsp since it was started",
    "",
    `- Requests answered: ${requests}`,
    `- Suggestions: ${suggested}${share(suggested, requests, "requests")}`,
    `- Shown: ${shown}`,
    `- Accepted whole: ${accepted}${share(accepted, shown, "texts shown")}`,
    `- Accepted in part: ${stats.partly_accepted}`,
    `- Runs of the model: ${started} started, ${completed} to the end`,
    `- Time to answer: ${Math.round(stats.median_ms)} ms, 95 % within ${Math.round(stats.p95_ms)} ms`,
    `- Model: ${report.model} (${report.engine}${report.message === "" ? "" : `: ${report.message}`})`,
    ...Object.entries(report.index).map(
      ([root, index]) => `- Index of ${root}: ${index.files} files, ${index.lines} lines (${index.kind})`,
    ),
    ...report.problems.map((problem) => `- Problem: ${problem}`),
    ...stats.silences.map((one) => `- Nothing was suggested (${one.count} of the latest): ${one.reason}`),
    "",
    "These figures are kept in the server's memory and go nowhere.",
  ];
  return `${lines.join("\n")}\n`;
}

function share(part: number, whole: number, of: string): string {
  return whole === 0 ? "" : ` (${Math.round((100 * part) / whole)} % of the ${of})`;
}
