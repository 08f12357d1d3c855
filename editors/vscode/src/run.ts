/** Running other programs: line by line, and so that they can be stopped with all they started. */
import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";

export interface Options {
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
  /** Called with each line of standard error as it comes. */
  onErrorLine?: (line: string) => void;
  /** Called with each line of standard output as it comes. */
  onLine?: (line: string) => void;
}

const LAST_LINES = 12;

/**
 * Runs a program to its end and returns its standard output.
 *
 * Rejects with an `AbortError` when `signal` stops it, and with the last lines that it wrote when it fails.
 */
export async function run(program: string, args: readonly string[], options: Options = {}): Promise<string> {
  options.signal?.throwIfAborted();
  const posix = process.platform !== "win32";
  const child = spawn(program, args, {
    env: options.env ?? process.env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: posix, // a group of its own, which can be stopped as a whole
    windowsHide: true,
  });
  const stop = (): void => {
    stopTree(child);
  };
  options.signal?.addEventListener("abort", stop, { once: true });
  const last: string[] = [];
  const output: string[] = [];
  const remember = (line: string): void => {
    last.push(line);
    last.splice(0, last.length - LAST_LINES);
  };
  createInterface(child.stdout).on("line", (line) => {
    output.push(line);
    remember(line);
    options.onLine?.(line);
  });
  createInterface(child.stderr).on("line", (line) => {
    remember(line);
    options.onErrorLine?.(line);
  });
  try {
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", resolve);
    });
    options.signal?.throwIfAborted();
    if (code !== 0) {
      throw new Error(last.join("\n").trim() || `${program} ended with ${code ?? "a signal"}`);
    }
    return output.join("\n");
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

function stopTree(child: ChildProcess): void {
  if (child.pid === undefined) {
    return;
  }
  if (process.platform === "win32") {
    spawn("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, "SIGTERM");
  } catch {
    // It has just ended by itself.
  }
}
