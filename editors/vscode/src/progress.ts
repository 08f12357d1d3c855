/** What `ai-lsp models pull --json` tells, as steps of a progress bar. */

export interface Step {
  message: string;
  /** Percent since the step before. */
  increment?: number;
}

interface Line {
  what?: string;
  done?: number;
  total?: number | null;
  step?: string;
}

/** Turns lines into steps; one for each download. */
export class Progress {
  private percent = 0;
  private what = "";

  /** Returns the step that a line tells of; nothing where it is something else. */
  take(text: string): Step | undefined {
    const line = parse(text);
    if (line?.step !== undefined) {
      return { message: line.step };
    }
    if (line?.what === undefined || line.done === undefined) {
      return undefined;
    }
    if (typeof line.total !== "number" || line.total <= 0) {
      return { message: `${line.what}: ${megabytes(line.done)} MB` };
    }
    // A bar cannot go back: only the first thing that has a length moves it.
    this.what ||= line.what;
    const percent = Math.floor((100 * line.done) / line.total);
    const increment = line.what === this.what ? Math.max(0, percent - this.percent) : 0;
    this.percent += increment;
    return { message: `${line.what}: ${megabytes(line.done)} of ${megabytes(line.total)} MB`, increment };
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}

function parse(text: string): Line | undefined {
  if (!text.startsWith("{")) {
    return undefined;
  }
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
