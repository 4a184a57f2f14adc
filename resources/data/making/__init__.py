"""The recipes by which the files of this folder are made out of published packages."""
