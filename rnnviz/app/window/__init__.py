"""The window: the Lab, composed of its panels, its bars and its actions."""
