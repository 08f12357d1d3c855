"""What happened in the editor: edits, looks, copies, and which documents are open."""
