/** The server's own Python environment, in the extension's storage. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { findPython } from "./python";
import { type Options, run } from "./run";

export interface Wishes {
  /** The Python to make it from; empty for the first that is found. */
  python: string;
  /** What pip installs; empty for the wheel that comes with the extension. */
  requirement: string;
  pipArguments: readonly string[];
}

export interface Installed {
  requirement: string;
  /** Whether it was the wheel that came with the extension. */
  bundled: boolean;
  python: string;
  version: string;
}

export class Environment {
  private readonly folder: string;
  private readonly bundled: string;

  /** `storage` is the extension's own folder for data, `extension` the one that it is installed in. */
  constructor(storage: string, extension: string) {
    this.folder = path.join(storage, "server");
    this.bundled = path.join(extension, "server");
  }

  /** The program that runs the server, whether or not it is there. */
  get python(): string {
    return process.platform === "win32"
      ? path.join(this.folder, "Scripts", "python.exe")
      : path.join(this.folder, "bin", "python");
  }

  /** What is installed; nothing while it is incomplete. */
  get installed(): Installed | undefined {
    try {
      const marker = JSON.parse(readFileSync(this.marker, "utf8")) as Installed;
      return existsSync(this.python) ? marker : undefined;
    } catch {
      return undefined;
    }
  }

  /** Whether another server is installed than the one that comes with this version of the extension. */
  get isOutdated(): boolean {
    const installed = this.installed;
    return installed?.bundled === true && installed.requirement !== this.wheel();
  }

  /** Makes the environment anew and installs the server into it. Throws with pip's own words. */
  async install(wishes: Wishes, say: (step: string) => void, signal: AbortSignal): Promise<void> {
    const python = await findPython(wishes.python);
    const bundled = wishes.requirement === "";
    const requirement = bundled ? this.wheel() : wishes.requirement;
    if (requirement === undefined) {
      throw new Error("This build of the extension has no server in it: set ai-lsp.server.requirement.");
    }
    await mkdir(path.dirname(this.folder), { recursive: true });
    await rm(this.marker, { force: true });
    say(`making an environment with Python ${python.version}`);
    await run(python.program, [...python.args, "-m", "venv", "--clear", this.folder], { signal });
    const options: Options = { signal, env: this.variables(), onLine: (line) => { tell(line, say); } };
    await run(this.python, ["-m", "pip", "install", "--upgrade", "pip"], options);
    await run(this.python, ["-m", "pip", "install", ...wishes.pipArguments, requirement], options);
    say("trying the server");
    const version = await run(this.python, ["-m", "ai_lsp", "--version"], { signal });
    const marker: Installed = { requirement, bundled, python: python.version, version };
    await writeFile(this.marker, JSON.stringify(marker));
  }

  private get marker(): string {
    return path.join(this.folder, "ai-lsp.json");
  }

  /** The wheel in the extension, with what pulling models from a hub takes. */
  private wheel(): string | undefined {
    const files = existsSync(this.bundled) ? readdirSync(this.bundled) : [];
    const wheel = files.find((name) => name.endsWith(".whl"));
    return wheel === undefined ? undefined : `${path.join(this.bundled, wheel)}[hub]`;
  }

  /** The variables for pip: where llama-cpp-python is compiled, only what the server loads is. */
  private variables(): NodeJS.ProcessEnv {
    const cmake = path.join(this.bundled, "llama-core.cmake");
    const quiet = { PIP_DISABLE_PIP_VERSION_CHECK: "1", PIP_NO_INPUT: "1", ...process.env };
    if (!existsSync(cmake) || /\s/.test(cmake) || process.env.CMAKE_ARGS !== undefined) {
      return quiet;
    }
    return { ...quiet, CMAKE_ARGS: `-DLLAVA_BUILD=OFF -DCMAKE_PROJECT_llama_cpp_INCLUDE=${cmake}` };
  }
}

/** Passes on what pip does, in a few words. */
export function tell(line: string, say: (step: string) => void): void {
  const collecting = /^\s*Collecting ([\w.-]+)/.exec(line);
  const building = /^\s*Building wheel for ([\w.-]+)/.exec(line);
  if (building !== null) {
    say(`compiling ${building[1] ?? ""}, which takes some minutes, once`);
  } else if (collecting !== null) {
    say(`fetching ${collecting[1] ?? ""}`);
  } else if (/^\s*Installing collected/.test(line)) {
    say("installing");
  }
}
