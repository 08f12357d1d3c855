/** Long work with a notification that shows how far it is and can cancel it. */
import * as vscode from "vscode";
import type { Step } from "./progress";

type Work<T> = (report: (step: Step) => void, signal: AbortSignal) => Promise<T>;

/** Runs `work`; returns nothing where it was cancelled. Rejects where it failed. */
export async function withProgress<T>(title: string, work: Work<T>): Promise<T | undefined> {
  const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
  return vscode.window.withProgress(options, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => { stop.abort(); });
    try {
      return await work((step) => { progress.report(step); }, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) {
        return undefined;
      }
      throw error;
    }
  });
}

/** Shows why something failed, with a way to the log, which has all of it. */
export async function showFailure(what: string, error: unknown, log: vscode.LogOutputChannel): Promise<void> {
  const message = error instanceof Error ? error.message : String(error);
  log.error(`${what}: ${message}`);
  const last = message.trim().split("\n").pop() ?? "";
  const answer = await vscode.window.showErrorMessage(`ai-lsp: ${what}: ${last}`, "Show Log");
  if (answer !== undefined) {
    log.show();
  }
}
