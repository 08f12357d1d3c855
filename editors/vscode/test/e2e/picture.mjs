// Makes media/ghost-text.png, the picture in the README: node run.mjs picture. Look at it before it is committed.
import path from "node:path";
import { Editor, got } from "./editor.mjs";

const CODE = `class Inventory:
    def __init__(self):
        self.items = {}

    def add(self, name, count):
        """Add some of an item."""
        if count < 0:
            raise ValueError("count must not be negative")
        self.items[name] = self.items.get(name, 0) + count

`;
const editor = await Editor.start({
  files: { "inventory.py": CODE },
  settings: { "ai-lsp.completion.deadlineMs": 10_000, "breadcrumbs.enabled": false, "editor.stickyScroll.enabled": false, "workbench.activityBar.location": "hidden" },
});
try {
  await editor.open("inventory.py");
  await editor.ready();
  await editor.command("View: Toggle Primary Side Bar Visibility");
  await editor.page.setViewportSize({ width: 760, height: 420 });
  await editor.page.click(".editor-instance .monaco-editor .view-lines");
  await editor.press("Control+End");
  await editor.type("    def remove(self, name, count):");
  await editor.press("Enter");
  await editor.waitForGhost((ghost) => ghost.includes("\n"));
  await editor.page.screenshot({ path: path.join(got.root, "editors", "vscode", "media", "ghost-text.png") });
} finally {
  await editor.close();
}
