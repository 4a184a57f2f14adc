"""What changes: the open document with its undo stack, the playhead, the work in the background."""
