/** What a click on the status bar offers. */
import * as vscode from "vscode";
import type { State } from "./look";
import type { Settings } from "./options";

interface Item extends vscode.QuickPickItem {
  run: () => Thenable<unknown>;
}

/** Shows the menu and does what was chosen. */
export async function showMenu(state: State, settings: Settings): Promise<void> {
  const title = `ai-lsp: ${state.message === "" ? state.server : state.message}`;
  const item = await vscode.window.showQuickPick(items(state, settings), { title });
  await item?.run();
}

function items(state: State, settings: Settings): Item[] {
  if (state.server === "missing") {
    return [
      command("$(cloud-download) Set up", "ai-lsp.setUp", "installs the server and a model"),
      command("$(book) Steps, one by one", "ai-lsp.walkthrough"),
      command("$(output) Log", "ai-lsp.showLog"),
    ];
  }
  return [
    command(state.enabled ? "$(circle-slash) Turn off" : "$(sparkle) Turn on", "ai-lsp.toggle"),
    command("$(symbol-misc) Model", "ai-lsp.chooseModel", state.model),
    ...choice(settings),
    command("$(question) Why this suggestion?", "ai-lsp.showWhy"),
    command("$(graph) Statistics", "ai-lsp.showStatistics"),
    command("$(output) Log", "ai-lsp.showLog"),
    command("$(settings-gear) Settings", "workbench.action.openSettings", "", "@ext:ai-lsp.ai-lsp"),
    command("$(debug-restart) Restart the server", "ai-lsp.restart"),
    command("$(cloud-download) Install or update the server", "ai-lsp.installServer"),
  ];
}

/** How often it suggests, in versions of the server that have an option for it. */
function choice(settings: Settings): Item[] {
  if (settings.aggressiveness === undefined) {
    return [];
  }
  const { name, values, current } = settings.aggressiveness;
  const run = async (): Promise<void> => {
    const value = await vscode.window.showQuickPick([...values], { title: `How often? Now: ${current}` });
    if (value !== undefined) {
      await settings.set(name, value);
    }
  };
  return [{ label: "$(dashboard) Aggressiveness", description: current, run }];
}

function command(label: string, name: string, description = "", ...args: unknown[]): Item {
  return { label, description, run: () => vscode.commands.executeCommand(name, ...args) };
}
