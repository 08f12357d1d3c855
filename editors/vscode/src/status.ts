/** The item in the status bar. */
import * as vscode from "vscode";
import { INITIAL, look, type State } from "./look";

export class StatusBar implements vscode.Disposable {
  private readonly item = vscode.window.createStatusBarItem("ai-lsp.status", vscode.StatusBarAlignment.Right, 100);
  private state = INITIAL;

  constructor() {
    this.item.name = "ai-lsp";
    this.item.command = "ai-lsp.menu";
    this.update({});
    this.item.show();
  }

  get current(): State {
    return this.state;
  }

  update(change: Partial<State>): void {
    this.state = { ...this.state, ...change };
    const { text, tooltip, colour } = look(this.state);
    this.item.text = text;
    this.item.tooltip = new vscode.MarkdownString(tooltip);
    this.item.accessibilityInformation = { label: tooltip.replaceAll(/[*\n]+/g, " ").trim() };
    this.item.backgroundColor =
      colour === undefined ? undefined : new vscode.ThemeColor(`statusBarItem.${colour}Background`);
  }

  dispose(): void {
    this.item.dispose();
  }
}
