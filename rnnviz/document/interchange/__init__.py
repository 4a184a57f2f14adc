"""The doors to the ecosystem: models of PyTorch, ONNX and Keras in, and ours out."""
