/** What the server has done since it was started, in words. */
import type { Report } from "./client";

/** Returns a page of Markdown. */
export function statisticsPage(report: Report): string {
  const { answered, suggested, accepted, started, completed } = report.figures;
  const lines = [
    "# ai-lsp since it was started",
    "",
    `- Requests answered: ${answered}`,
    `- Suggestions: ${suggested}${share(suggested, answered, "requests")}`,
    `- Accepted whole: ${accepted}${share(accepted, suggested, "suggestions")}`,
    `- Runs of the model: ${started} started, ${completed} to the end`,
    `- Model: ${report.model} (${report.engine}${report.message === "" ? "" : `: ${report.message}`})`,
    ...Object.entries(report.index).map(
      ([root, index]) => `- Index of ${root}: ${index.files} files, ${index.lines} lines (${index.kind})`,
    ),
    ...report.problems.map((problem) => `- Problem: ${problem}`),
    "",
    "These figures are kept in the server's memory and go nowhere.",
  ];
  return `${lines.join("\n")}\n`;
}

function share(part: number, whole: number, of: string): string {
  return whole === 0 ? "" : ` (${Math.round((100 * part) / whole)} % of the ${of})`;
}
