/** How the state of things looks in the status bar. */

export interface State {
  /** `missing`: it, or its model, is still to be got; `down`: it does not run. */
  server: "missing" | "starting" | "running" | "down";
  enabled: boolean;
  busy: boolean;
  failed: boolean;
  /** The server's own words. */
  message: string;
  model: string;
}

export interface Look {
  text: string;
  /** Markdown. */
  tooltip: string;
  colour: "error" | "warning" | undefined;
}

export const INITIAL: State = {
  server: "starting",
  enabled: true,
  busy: false,
  failed: false,
  message: "",
  model: "",
};

/** Returns what the status bar shows. */
export function look(state: State): Look {
  const [icon, words, colour] = show(state);
  return { text: `$(${icon}) ai-lsp`, tooltip: `**ai-lsp:** ${words}\n\nClick for more.`, colour };
}

function show(state: State): [icon: string, words: string, colour: Look["colour"]] {
  if (state.server === "missing") {
    return ["warning", state.message, "warning"];
  }
  if (state.server === "down") {
    return ["error", "the server does not run; the log may say why", "error"];
  }
  if (!state.enabled) {
    return ["circle-slash", "suggestions are off", undefined];
  }
  if (state.failed) {
    return ["error", state.message, "error"];
  }
  if (state.busy || state.server === "starting") {
    return ["loading~spin", state.message === "" ? "starting" : state.message, undefined];
  }
  return ["sparkle", ready(state), undefined];
}

function ready(state: State): string {
  const model = state.model === "" ? "ready" : `ready, with ${state.model}`;
  return state.message === "" || state.message === state.model ? model : `${model} (${state.message})`;
}
