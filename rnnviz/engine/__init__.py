"""The mathematics: cells as equations, networks, every value, every gradient, training."""
