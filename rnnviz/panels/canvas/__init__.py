"""What the panels draw with: tokens, colours, fonts, icons and shapes on a painter."""
