"""Tests of `rnnviz.app`."""
