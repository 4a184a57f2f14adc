"""The tests of the engine, module by module."""
