/** What of a suggestion was accepted so far, which VS Code does not tell an extension. */

/**
 * Returns how many UTF-16 units of `insertText` stand in the document, `written` being the text from the start of the
 * suggestion's range to the cursor; 0 where something else stands there.
 */
export function acceptedLength(insertText: string, written: string): number {
  const plain = written.replaceAll("\r\n", "\n");
  return insertText.startsWith(plain) ? plain.length : 0;
}
