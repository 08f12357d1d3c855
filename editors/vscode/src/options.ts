/** The settings in VS Code, as the rest of the extension asks for them. */
import * as vscode from "vscode";
import type { Wishes } from "./environment";
import { chosen, type Inspection, optionNames, type Values } from "./settings";

const SECTION = "ai-lsp";

interface Manifest {
  contributes: { configuration: { properties: Record<string, unknown> }[] };
}

export interface Choice {
  /** The setting, without "ai-lsp.". */
  name: string;
  values: readonly string[];
  current: string;
}

export class Settings {
  private readonly names: readonly string[];
  private readonly schema: Record<string, unknown>;

  constructor(extension: vscode.Extension<unknown>) {
    const { configuration } = (extension.packageJSON as Manifest).contributes;
    this.names = optionNames(configuration, SECTION);
    this.schema = Object.assign({}, ...configuration.map((category) => category.properties)) as typeof this.schema;
  }

  /** The server's options, as far as the user has set them here. */
  chosen(): Values {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const inspect = (name: string): Inspection | undefined => configuration.inspect(name);
    return chosen(this.names, inspect, vscode.workspace.isTrusted);
  }

  get command(): readonly string[] {
    return this.texts("server.command");
  }

  get wishes(): Wishes {
    return {
      python: this.text("server.python"),
      requirement: this.text("server.requirement"),
      pipArguments: this.texts("server.pipArguments"),
    };
  }

  /** The model that the settings here name; nothing where they leave it to the server. */
  get model(): string | undefined {
    return this.chosen()["model.name"] as string | undefined;
  }

  /** How ready the server is to suggest, in versions that let the user choose. */
  get aggressiveness(): Choice | undefined {
    const name = this.names.find((one) => one.endsWith("ggressiveness"));
    const schema = name === undefined ? undefined : (this.schema[`${SECTION}.${name}`] as { enum?: string[] });
    return name === undefined || schema?.enum === undefined
      ? undefined
      : { name, values: schema.enum, current: this.text(name) };
  }

  /** Sets an option where the user has set it already, else for all workspaces. */
  async set(name: string, value: unknown): Promise<void> {
    const configuration = vscode.workspace.getConfiguration(SECTION);
    const here = configuration.inspect(name)?.workspaceValue !== undefined;
    const target = here ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
    await configuration.update(name, value, target);
  }

  private text(name: string): string {
    return vscode.workspace.getConfiguration(SECTION).get(name, "");
  }

  private texts(name: string): readonly string[] {
    return vscode.workspace.getConfiguration(SECTION).get<string[]>(name, []);
  }
}
