"""Documents and what goes in and out of them: edits, files, data sets, other people's models."""
