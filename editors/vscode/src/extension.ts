/** The extension's life: it finds the server, runs it, and offers to get what is missing. */
import * as vscode from "vscode";
import { Client, type Report, type Stats } from "./client";
import { Environment } from "./environment";
import type { Order } from "./instruction";
import { showMenu } from "./menu";
import { Settings } from "./options";
import { Pages } from "./pages";
import type { Server } from "./server";
import { Setup } from "./setup";
import { statisticsPage } from "./statistics";
import { StatusBar } from "./status";
import { type Trace, whyPage } from "./why";
import { showFailure } from "./work";

const WALKTHROUGH = "ai-lsp.ai-lsp#start";
const SET_UP = "Set Up";

class Extension implements vscode.Disposable {
  private readonly log = vscode.window.createOutputChannel("ai-lsp", { log: true });
  private readonly status = new StatusBar();
  private readonly pages = new Pages();
  private readonly settings: Settings;
  private readonly environment: Environment;
  private readonly setup: Setup;
  private client: Client | undefined;

  constructor(context: vscode.ExtensionContext) {
    this.settings = new Settings(context.extension);
    this.environment = new Environment(context.globalStorageUri.fsPath, context.extensionPath);
    this.setup = new Setup(this.settings, this.environment, context.globalState, this.log);
    context.subscriptions.push(this, ...this.commands());
  }

  /** Runs the server, or offers to get it, or its model, where they are missing. */
  async begin(): Promise<void> {
    this.setup.announce();
    const server = this.setup.server;
    if (server === undefined) {
      this.status.update({ server: "missing", message: "the server is not installed yet" });
      void this.offer("Its server is not installed yet. That takes about three minutes.");
      return;
    }
    try {
      if (!(await this.setup.hasModel(server))) {
        this.status.update({ server: "missing", message: "there is no model yet" });
        void this.offer("There is no model yet. The default one has 93 MB.");
        return;
      }
    } catch (error) {
      this.failed(server, error);
      return;
    }
    await this.restart();
    if (this.environment.isOutdated) {
      void this.offerUpdate();
    }
  }

  dispose(): void {
    this.pages.dispose();
    this.status.dispose();
    this.log.dispose();
  }

  private commands(): vscode.Disposable[] {
    const all: Record<string, (order: Order) => unknown> = {
      menu: () => showMenu(this.status.current, this.settings),
      toggle: () => this.settings.set("enabled", !this.status.current.enabled),
      setUp: () => this.setUp(),
      installServer: () => this.installServer(),
      chooseModel: () => this.chooseModel(),
      walkthrough: () => vscode.commands.executeCommand("workbench.action.openWalkthrough", WALKTHROUGH, false),
      showWhy: () => this.showWhy(),
      showStatistics: () => this.showStatistics(),
      showLog: () => { this.log.show(); },
      restart: () => this.restart(),
      "ask-instruction": (order) => this.client?.ask(order),
      acceptNextWord: () => this.client?.acceptPart("editor.action.inlineSuggest.acceptNextWord"),
      acceptNextLine: () => this.client?.acceptPart("editor.action.inlineSuggest.acceptNextLine"),
    };
    return Object.entries(all).map(([name, does]) => vscode.commands.registerCommand(`ai-lsp.${name}`, does));
  }

  private async offer(what: string): Promise<void> {
    const steps = "Show the Steps";
    const answer = await vscode.window.showInformationMessage(`ai-lsp: ${what}`, SET_UP, steps);
    if (answer !== undefined) {
      await vscode.commands.executeCommand(answer === steps ? "ai-lsp.walkthrough" : "ai-lsp.setUp");
    }
  }

  private async offerUpdate(): Promise<void> {
    const update = "Update";
    const what = "ai-lsp: the server is of an earlier version of the extension.";
    if ((await vscode.window.showInformationMessage(what, update)) === update) {
      await this.installServer();
    }
  }

  private async setUp(): Promise<void> {
    if (await this.setup.all()) {
      await this.restart();
      void vscode.window.showInformationMessage("ai-lsp is ready: open a file, type, and press Tab.");
    }
  }

  private async installServer(): Promise<void> {
    await this.stop();
    const server = await this.setup.installServer();
    if (server !== undefined || this.setup.server !== undefined) {
      await this.restart();
    }
  }

  private async chooseModel(): Promise<void> {
    const server = this.setup.server;
    if (server === undefined) {
      await this.offer("A model needs the server first.");
    } else if ((await this.setup.chooseModel(server)) && this.client === undefined) {
      await this.restart();
    }
  }

  private async restart(): Promise<void> {
    await this.stop();
    const server = this.setup.server;
    if (server === undefined) {
      this.status.update({ server: "missing", message: "the server is not installed yet" });
      return;
    }
    this.status.update({ failed: false, message: "" });
    this.client = new Client(server, this.settings, this.status, this.log);
    try {
      await this.client.start();
    } catch (error) {
      this.failed(server, error);
    }
  }

  private failed(server: Server, error: unknown): void {
    this.status.update({ server: "down" });
    void showFailure(`${server.program} does not run`, error, this.log);
  }

  async stop(): Promise<void> {
    const client = this.client;
    this.client = undefined;
    if (client !== undefined) {
      await client.stop();
    }
  }

  private async showWhy(): Promise<void> {
    await this.pages.show("why.md", whyPage(await this.client?.command<Trace>("ai-lsp.why")));
  }

  private async showStatistics(): Promise<void> {
    const report = await this.client?.command<Report>("ai-lsp.status");
    const stats = await this.client?.command<Stats>("ai-lsp.stats");
    if (report === undefined || stats === undefined) {
      void vscode.window.showInformationMessage("ai-lsp: the server does not run.");
    } else {
      await this.pages.show("statistics.md", statisticsPage(report, stats));
    }
  }
}

let running: Extension | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  running = new Extension(context);
  await running.begin();
}

/** Lets the server leave properly. */
export async function deactivate(): Promise<void> {
  await running?.stop();
}
