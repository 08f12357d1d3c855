/** Which program is the server, and what it says on its command line. */
import { existsSync } from "node:fs";
import path from "node:path";
import { type Options, run } from "./run";

export interface Server {
  program: string;
  args: readonly string[];
}

export interface Places {
  /** The user's own choice: a program and its arguments. */
  command: readonly string[];
  /** The Python that the extension installed the server into; nothing while it has not. */
  environment: string | undefined;
  /** The PATH variable. */
  path: string;
}

type Exists = (file: string) => boolean;

/** Returns the server to use: the user's choice, the extension's own, the one on the PATH; else nothing. */
export function locate(
  places: Places,
  platform: NodeJS.Platform = process.platform,
  exists: Exists = existsSync,
): Server | undefined {
  const [program, ...args] = places.command;
  if (program !== undefined) {
    return { program, args };
  }
  if (places.environment !== undefined) {
    return { program: places.environment, args: ["-m", "ai_lsp"] };
  }
  const name = platform === "win32" ? "ai-lsp.exe" : "ai-lsp";
  const folders = places.path.split(platform === "win32" ? ";" : ":").filter((folder) => path.isAbsolute(folder));
  const found = folders.map((folder) => path.join(folder, name)).find(exists);
  return found === undefined ? undefined : { program: found, args: [] };
}

/** Runs one of the server's commands and returns what it prints. */
export async function ask(server: Server, args: readonly string[], options: Options = {}): Promise<string> {
  return run(server.program, [...server.args, ...args], options);
}
