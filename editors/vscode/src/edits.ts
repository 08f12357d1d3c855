/** Which of the server's edits VS Code shows before it makes them. */
import type { WorkspaceEdit } from "vscode-languageclient/node";

/**
 * Returns an edit that asks for no confirmation where it changes one document that is open, and nothing else.
 *
 * VS Code asks by its Refactor Preview, in which nothing is ticked, so that Apply alone does nothing. What happens to a
 * document before one's eyes is seen better there, and is taken back in one step. New files are still asked for.
 */
export function unasked(edit: WorkspaceEdit, isOpen: (uri: string) => boolean): WorkspaceEdit {
  const [change, ...others] = edit.documentChanges ?? [];
  if (change === undefined || others.length > 0 || !("edits" in change) || !isOpen(change.textDocument.uri)) {
    return edit;
  }
  const annotations = Object.entries(edit.changeAnnotations ?? {});
  const quiet = annotations.map(([id, annotation]) => [id, { ...annotation, needsConfirmation: false }]);
  return { ...edit, changeAnnotations: Object.fromEntries(quiet) as WorkspaceEdit["changeAnnotations"] };
}
