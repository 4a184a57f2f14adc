"""What changes: the open document, its frame, the playhead, and the work in the background."""
