/** What the user has set, as the server wants it: without defaults, so that its own files still count. */

export interface Inspection {
  globalValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

export type Values = Record<string, unknown>;

/**
 * Returns the values that were set, by option; each of `names` is looked up with `inspect`.
 *
 * Those of a workspace that is not trusted are left out, and the server leaves out the repository's own file.
 */
export function chosen(
  names: readonly string[],
  inspect: (name: string) => Inspection | undefined,
  trusted: boolean,
): Values {
  const values: Values = {};
  for (const name of names) {
    const found = inspect(name);
    const value = trusted ? (found?.workspaceFolderValue ?? found?.workspaceValue) : undefined;
    const set = value ?? found?.globalValue;
    if (set !== undefined) {
      values[name] = set;
    }
  }
  values.repositoryFile = trusted && values.repositoryFile !== false;
  return values;
}

interface Category {
  properties: Record<string, unknown>;
}

/** Returns the server's options among the categories of package.json, without "ai-lsp."; the first is not its own. */
export function optionNames(categories: readonly Category[], section: string): readonly string[] {
  const settings = categories.slice(1).flatMap((category) => Object.keys(category.properties));
  return settings.map((setting) => setting.slice(section.length + 1));
}
