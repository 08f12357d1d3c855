/** The instruction of the action "Rewrite as told", which the user is asked for where no comment `ai: ...` gives one. */

/** The command that code actions have VS Code itself run; its argument is an order. */
export const ASK = "ai-lsp.ask-instruction";

/** What the server runs an action by, as far as it is looked at here; lines count from 0. */
export interface Order {
  first: number;
  last: number;
  instruction: string;
}

/** Returns what the user is asked. */
export function question({ first, last }: Order): string {
  const lines = first === last ? `line ${first + 1}` : `lines ${first + 1} to ${last + 1}`;
  return `What is to be done with ${lines}?`;
}

/** Returns the order with what the user said; nothing where they said nothing. */
export function instructed<T extends Order>(order: T, said: string | undefined): T | undefined {
  const instruction = (said ?? "").trim();
  return instruction === "" ? undefined : { ...order, instruction };
}
