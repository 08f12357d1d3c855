/** Models: which is wanted, which are there, which can be had, and getting one. */
import * as vscode from "vscode";
import { Progress } from "./progress";
import { ask, type Server } from "./server";
import { withProgress } from "./work";

export interface Entry {
  name: string;
  title: string;
  size_mb: number;
  ram_mb: number;
  licence: string;
  licence_note: string;
  good_for: string;
}

interface InstalledModel {
  name: string;
  licence: string;
}

export interface Pick extends vscode.QuickPickItem {
  /** A name, or nothing for a file that is still to be chosen. */
  model?: string;
  installed?: boolean;
}

/** Returns the model that the server's own files and variables name. */
export async function configuredModel(server: Server): Promise<string> {
  const shown = JSON.parse(await ask(server, ["config", "show", "--json"])) as {
    options: Record<string, { value: string }>;
  };
  return shown.options["model.name"]?.value ?? "";
}

/** Whether the server can load that model. */
export async function isInstalled(server: Server, model: string): Promise<boolean> {
  try {
    await ask(server, ["models", "path", model]);
    return true;
  } catch {
    return false;
  }
}

/** Gets a model, with progress; returns whether it is there now. Rejects with the server's reason. */
export async function pull(server: Server, model: string, log: vscode.LogOutputChannel): Promise<boolean> {
  const done = await withProgress(`Getting ${model}`, async (report, signal) => {
    const progress = new Progress();
    const onErrorLine = (line: string): void => {
      const step = progress.take(line);
      if (step === undefined) {
        log.info(line);
      } else {
        report(step);
      }
    };
    return ask(server, ["models", "pull", model, "--json"], { signal, onErrorLine });
  });
  if (done !== undefined) {
    log.info(done);
  }
  return done !== undefined;
}

/** Has the user choose a model; returns its name or path, nothing where none was chosen. */
export async function choose(server: Server, current: string): Promise<Pick | undefined> {
  const [installed, catalogue] = await Promise.all([
    list<InstalledModel>(server),
    list<Entry>(server, "--catalogue"),
  ]);
  const picks = choices(installed, catalogue, current);
  const pick = await vscode.window.showQuickPick(picks, {
    title: "Which model?",
    placeHolder: "Larger models know more and need more memory and a faster machine",
    matchOnDescription: true,
    matchOnDetail: true,
  });
  return pick?.label === FILE ? fromFile() : pick;
}

const FILE = "$(folder-opened) A .gguf file…";

function choices(installed: InstalledModel[], catalogue: Entry[], current: string): Pick[] {
  const here = new Set(installed.map((model) => model.name));
  const mark = (name: string): string => (name === current ? "$(check) " : "");
  const own = installed.map((model) => ({
    label: `${mark(model.name)}${model.name}`,
    description: model.licence,
    detail: catalogue.find((entry) => entry.name === model.name)?.good_for,
    model: model.name,
    installed: true,
  }));
  const others = catalogue
    .filter((entry) => !here.has(entry.name))
    .map((entry) => ({ label: entry.name, description: facts(entry), detail: entry.good_for, model: entry.name }));
  const line = (label: string): Pick => ({ label, kind: vscode.QuickPickItemKind.Separator });
  return [line("on this machine"), ...own, { label: FILE }, line("can be downloaded"), ...others];
}

function facts(entry: Entry): string {
  const note = entry.licence_note === "" ? "" : ` (${entry.licence_note})`;
  return `${entry.size_mb} MB, ${entry.ram_mb} MB of memory, ${entry.licence}${note}`;
}

async function fromFile(): Promise<Pick | undefined> {
  const files = await vscode.window.showOpenDialog({ title: "A model", filters: { "GGUF models": ["gguf"] } });
  const file = files?.[0]?.fsPath;
  return file === undefined ? undefined : { label: file, model: file, installed: true };
}

async function list<T>(server: Server, ...flags: string[]): Promise<T[]> {
  return JSON.parse(await ask(server, ["models", "list", "--json", ...flags])) as T[];
}
