/** The language client: what it tells the server beyond LSP, and what the server tells the status bar. */
import * as vscode from "vscode";
import {
  type CodeAction,
  CodeActionResolveRequest,
  ExecuteCommandRequest,
  LanguageClient,
  type LanguageClientOptions,
  type MessageSignature,
  type Middleware,
  State,
  type StaticFeature,
} from "vscode-languageclient/node";
import { unasked } from "./edits";
import { ASK, instructed, type Order, question } from "./instruction";
import type { Settings } from "./options";
import { acceptedLength } from "./partial";
import type { Server } from "./server";
import type { StatusBar } from "./status";

const SCHEMES = ["file", "untitled", "vscode-notebook-cell"];
export const SELECTOR = SCHEMES.map((scheme) => ({ scheme }));

/** Tells the server which commands are run here, in the way of rust-analyzer. */
const OWN_COMMANDS: StaticFeature = {
  fillClientCapabilities(capabilities) {
    capabilities.experimental = { commands: { commands: [ASK] } };
  },
  initialize() {
    // There is nothing to do.
  },
  getState: () => ({ kind: "static" }),
  clear() {
    // There is nothing to do.
  },
};

interface ServerStatus {
  busy: boolean;
  kind: "Normal" | "Error";
  message: string;
}

/** What the command `ai-lsp.stats` returns. */
export interface Stats {
  requests: number;
  suggested: number;
  shown: number;
  accepted: number;
  partly_accepted: number;
  started: number;
  completed: number;
  median_ms: number;
  p95_ms: number;
  silences: { reason: string; count: number }[];
}

/** What the command `ai-lsp.status` returns. */
export interface Report {
  engine: string;
  message: string;
  model: string;
  enabled: boolean;
  problems: string[];
  index: Record<string, { kind: string; files: number; lines: number; message: string }>;
}

/** The suggestions of the latest answer, and the place they are for. */
interface Offer {
  document: vscode.TextDocument;
  items: readonly vscode.InlineCompletionItem[];
}

export class Client {
  readonly language: LanguageClient;
  private offer: Offer | undefined;
  private readonly listeners: { dispose: () => unknown }[] = [];

  constructor(
    server: Server,
    private readonly settings: Settings,
    private readonly status: StatusBar,
    log: vscode.LogOutputChannel,
  ) {
    const executable = { command: server.program, args: [...server.args, "serve"] };
    this.language = new LanguageClient("ai-lsp", "ai-lsp", executable, this.options(log));
    this.language.registerFeature(OWN_COMMANDS);
    this.language.onNotification("didChangeStatus", (news: ServerStatus) => {
      status.update({ busy: news.busy, failed: news.kind === "Error", message: news.message });
      if (!news.busy) {
        void this.refresh();
      }
    });
    this.listeners.push(this.language.onDidChangeState((change) => { this.stateChanged(change.newState); }));
  }

  /** Starts the server. Rejects where it cannot be started. */
  async start(): Promise<void> {
    await this.language.start();
    this.listeners.push(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("ai-lsp")) {
          void this.reconfigure();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.reconfigure()),
      vscode.window.onDidChangeActiveTextEditor((editor) => { this.focused(editor); }),
      vscode.languages.onDidChangeDiagnostics((change) => { this.passOn(change.uris); }),
    );
    this.passOn(vscode.workspace.textDocuments.map((document) => document.uri));
  }

  /** Runs one of the server's commands; `undefined` where the server has nothing to say or does not run. */
  async command<T>(command: string, ...args: unknown[]): Promise<T | undefined> {
    if (this.language.state !== State.Running) {
      return undefined;
    }
    const answer: unknown = await this.language.sendRequest(ExecuteCommandRequest.type, {
      command,
      arguments: args,
    });
    return (answer ?? undefined) as T | undefined;
  }

  /** Asks for the instruction of an action, and has the server run that. Nothing happens where nothing is said. */
  async ask(order: Order): Promise<void> {
    const said = await vscode.window.showInputBox({ title: "ai-lsp: Rewrite as Told", prompt: question(order) });
    const whole = instructed(order, said);
    if (whole !== undefined) {
      await this.command("ai-lsp.run", whole);
    }
  }

  /** Runs VS Code's own command for accepting a part, and tells the server how far that went. */
  async acceptPart(command: string): Promise<void> {
    const offer = this.offer;
    await vscode.commands.executeCommand(command);
    const editor = vscode.window.activeTextEditor;
    if (offer === undefined || editor?.document !== offer.document) {
      return;
    }
    for (const item of offer.items) {
      const start = item.range?.start ?? editor.selection.active;
      const written = offer.document.getText(new vscode.Range(start, editor.selection.active));
      const length = acceptedLength(textOf(item), written);
      if (length > 0) {
        this.tell("textDocument/didPartiallyAcceptCompletion", { item: plain(item), acceptedLength: length });
        return;
      }
    }
  }

  /** Stops the server; it gets two seconds to leave properly. */
  async stop(): Promise<void> {
    for (const listener of this.listeners) {
      listener.dispose();
    }
    await vscode.commands.executeCommand("setContext", "ai-lsp.running", false);
    try {
      await this.language.dispose();
    } catch {
      // It has not started, or has ended by itself.
    }
  }

  private options(log: vscode.LogOutputChannel): LanguageClientOptions {
    return {
      documentSelector: SELECTOR,
      outputChannel: log,
      // VS Code has ghost text: the menu is left to the language's own server.
      initializationOptions: {
        repositoryFile: vscode.workspace.isTrusted,
        completion: { fallbackCompletion: false },
      },
      middleware: this.middleware(),
    };
  }

  private middleware(): Middleware {
    return {
      sendRequest: async <P, R>(
        type: string | MessageSignature,
        params: P | undefined,
        token: vscode.CancellationToken | undefined,
        next: (type: string | MessageSignature, params?: P, token?: vscode.CancellationToken) => Promise<R>,
      ) => {
        const answer = await next(type, params, token);
        const method = typeof type === "string" ? type : type.method;
        const { edit } = (method === CodeActionResolveRequest.method ? answer : {}) as Partial<CodeAction>;
        return edit === undefined ? answer : { ...answer, edit: unasked(edit, isOpen) };
      },
      provideInlineCompletionItems: async (document, position, context, token, next) => {
        const found = await next(document, position, context, token);
        const items = found instanceof vscode.InlineCompletionList ? found.items : (found ?? []);
        if (items.length > 0 && !token.isCancellationRequested) {
          this.offered({ document, items }, position);
        }
        return found;
      },
      workspace: {
        handleApplyEdit: (params, next) => next({ ...params, edit: unasked(params.edit, isOpen) }, NEVER),
        configuration: (params) => params.items.map(() => this.settings.chosen()),
      },
    };
  }

  /** Takes note of an answer; it is shown where the cursor is still there, which is all that can be known. */
  private offered(offer: Offer, position: vscode.Position): void {
    this.offer = offer;
    const [first] = offer.items;
    const editor = vscode.window.activeTextEditor;
    if (first !== undefined && editor?.document === offer.document && editor.selection.active.isEqual(position)) {
      this.tell("textDocument/didShowCompletion", { item: plain(first) });
    }
  }

  private stateChanged(state: State): void {
    void vscode.commands.executeCommand("setContext", "ai-lsp.running", state === State.Running);
    const names = { [State.Stopped]: "down", [State.StartFailed]: "down", [State.Starting]: "starting" } as const;
    // Until the server has said how far its model is, it is not known to be ready.
    this.status.update(state === State.Running ? { server: "running", busy: true } : { server: names[state] });
    if (state === State.Running) {
      void this.refresh();
    }
  }

  /** Brings the status bar up to date with what the server says of itself. */
  private async refresh(): Promise<void> {
    const report = await this.command<Report>("ai-lsp.status");
    if (report !== undefined) {
      const { enabled, engine, message, model } = report;
      this.status.update({ enabled, model, message, busy: engine === "loading", failed: engine === "failed" });
    }
  }

  /** Has the server ask for the settings again. */
  private async reconfigure(): Promise<void> {
    this.tell("workspace/didChangeConfiguration", { settings: null });
    await this.refresh();
  }

  private focused(editor: vscode.TextEditor | undefined): void {
    if (editor !== undefined && SCHEMES.includes(editor.document.uri.scheme)) {
      const uri = this.language.code2ProtocolConverter.asUri(editor.document.uri);
      this.tell("textDocument/didFocus", { textDocument: { uri } });
    }
  }

  /** Passes on what the language's own servers have found in the open documents among `uris`. */
  private passOn(uris: readonly vscode.Uri[]): void {
    const open = new Set(vscode.workspace.textDocuments.map((document) => document.uri.toString()));
    for (const uri of uris.filter((one) => SCHEMES.includes(one.scheme) && open.has(one.toString()))) {
      const diagnostics = this.language.code2ProtocolConverter.asDiagnostics([...vscode.languages.getDiagnostics(uri)]);
      void Promise.resolve(diagnostics).then((found) => {
        this.tell("ai-lsp/diagnostics", { uri: this.language.code2ProtocolConverter.asUri(uri), diagnostics: found });
      });
    }
  }

  private tell(method: string, params: object): void {
    if (this.language.state === State.Running) {
      void this.language.sendNotification(method, params);
    }
  }
}

const NEVER = new vscode.CancellationTokenSource().token;

function isOpen(uri: string): boolean {
  const wanted = vscode.Uri.parse(uri).toString();
  return vscode.workspace.textDocuments.some((document) => document.uri.toString() === wanted);
}

function textOf(item: vscode.InlineCompletionItem): string {
  return typeof item.insertText === "string" ? item.insertText : item.insertText.value;
}

/** An item as the server sent it, as far as the server looks at it. */
function plain(item: vscode.InlineCompletionItem): object {
  const { command } = item;
  return { insertText: textOf(item), command: command && { ...command } };
}
