/** The first run: the server and a model, each got when it is missing. */
import * as vscode from "vscode";
import type { Environment } from "./environment";
import { choose, configuredModel, isInstalled, pull } from "./models";
import type { Settings } from "./options";
import { locate, type Server } from "./server";
import { showFailure, withProgress } from "./work";

const MODEL_SEEN = "modelSeen";

export class Setup {
  constructor(
    private readonly settings: Settings,
    private readonly environment: Environment,
    private readonly memory: vscode.Memento,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  /** The server to run; nothing while there is none. */
  get server(): Server | undefined {
    return locate({
      command: this.settings.command,
      environment: this.environment.installed && this.environment.python,
      path: process.env.PATH ?? "",
    });
  }

  /** Installs the server and a model as far as they are missing; returns whether both are there. */
  async all(): Promise<boolean> {
    const server = this.server ?? (await this.installServer());
    return server !== undefined && (await this.getModel(server));
  }

  /** Installs the server anew; returns it, or nothing where that was cancelled or failed. */
  async installServer(): Promise<Server | undefined> {
    try {
      await withProgress("Installing the ai-lsp server", async (report, signal) => {
        const say = (message: string): void => {
          this.log.info(message);
          report({ message });
        };
        await this.environment.install(this.settings.wishes, say, signal);
      });
    } catch (error) {
      await showFailure("the server was not installed", error, this.log);
      return undefined;
    }
    this.announce();
    return this.environment.installed && this.server;
  }

  /** Whether the model in force is there; it is looked for once, and remembered. */
  async hasModel(server: Server): Promise<boolean> {
    const model = await this.model(server);
    const seen = this.memory.get<string>(MODEL_SEEN) === model || (await isInstalled(server, model));
    if (seen) {
      await this.memory.update(MODEL_SEEN, model);
    }
    this.announce(seen);
    return seen;
  }

  /** Has the user choose another model, and gets it where it is not there; returns whether it is in force now. */
  async chooseModel(server: Server): Promise<boolean> {
    const pick = await choose(server, await this.model(server));
    if (pick?.model === undefined || !(pick.installed === true || (await this.pull(server, pick.model)))) {
      return false;
    }
    await this.settings.set("model.name", pick.model);
    await this.memory.update(MODEL_SEEN, pick.model);
    this.announce(true);
    return true;
  }

  /** Gets the model in force where it is missing. */
  async getModel(server: Server): Promise<boolean> {
    if (await this.hasModel(server)) {
      return true;
    }
    await this.pull(server, await this.model(server));
    return this.hasModel(server);
  }

  /** Tells VS Code how far the first run has come, for the walkthrough. */
  announce(model?: boolean): void {
    void vscode.commands.executeCommand("setContext", "ai-lsp.hasServer", this.server !== undefined);
    if (model !== undefined) {
      void vscode.commands.executeCommand("setContext", "ai-lsp.hasModel", model);
    }
  }

  private async model(server: Server): Promise<string> {
    return this.settings.model ?? (await configuredModel(server));
  }

  /** Gets a model; returns whether it is there now, which it also is where only its tuning was cancelled. */
  private async pull(server: Server, model: string): Promise<boolean> {
    try {
      return (await pull(server, model, this.log)) || (await isInstalled(server, model));
    } catch (error) {
      await showFailure(`${model} could not be got`, error, this.log);
      return false;
    }
  }
}
