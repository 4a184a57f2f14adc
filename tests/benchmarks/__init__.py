"""Speed: `python -m tests.benchmarks.engine` sets the engine beside other ways to compute it."""
