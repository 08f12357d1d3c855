/** Finds a Python that the server can run on. */
import { run } from "./run";

export interface Python {
  program: string;
  args: readonly string[];
  version: string;
}

const OLDEST = [3, 10] as const;
/** Prints the version; fails where Debian has split off what environments are made with. */
const PROBE = "import sys, venv, ensurepip; print('.'.join(map(str, sys.version_info[:3])))";

type Runner = (program: string, args: readonly string[]) => Promise<string>;

/** Returns the commands that may be a Python, the best first; `chosen` alone when it is given. */
export function candidates(chosen: string, platform: NodeJS.Platform): readonly (readonly string[])[] {
  if (chosen !== "") {
    return [[chosen]];
  }
  const versions = [13, 12, 11, 10].map((minor) => [`python3.${minor}`]);
  return platform === "win32" ? [["py", "-3"], ["python"]] : [["python3"], ["python"], ...versions];
}

/** Whether a version such as "3.11.7" is new enough. */
export function isNewEnough(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
}

/** Returns the first Python that is new enough and can make environments. Throws, saying what was found instead. */
export async function findPython(
  chosen: string,
  runner: Runner = run,
  platform: NodeJS.Platform = process.platform,
): Promise<Python> {
  const found: string[] = [];
  for (const [program = "", ...args] of candidates(chosen, platform)) {
    const version = await probe(runner, program, args);
    if (version.ok && isNewEnough(version.text)) {
      return { program, args, version: version.text };
    }
    if (version.text !== "") {
      found.push(`${program}: ${version.text}`);
    }
  }
  const seen = found.length > 0 ? ` Found: ${found.join("; ")}.` : "";
  throw new Error(`ai-lsp needs Python ${OLDEST.join(".")} or newer with its venv module.${seen}`);
}

async function probe(
  runner: Runner,
  program: string,
  args: readonly string[],
): Promise<{ ok: boolean; text: string }> {
  try {
    return { ok: true, text: (await runner(program, [...args, "-c", PROBE])).trim() };
  } catch (error) {
    return { ok: false, text: explain(error instanceof Error ? error.message : String(error)) };
  }
}

/** Says in a few words why a Python cannot be used; nothing for one that is not there. */
function explain(message: string): string {
  if (/No module named '?(venv|ensurepip)/.test(message)) {
    return "has no venv module (on Debian and Ubuntu: apt install python3-venv)";
  }
  return message.includes("ENOENT") ? "" : (message.split("\n").pop() ?? "");
}
