"""See how recurrent neural networks compute, remember and learn."""
