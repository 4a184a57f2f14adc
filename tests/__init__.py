"""The tests of rnnviz, in the order of its packages."""
