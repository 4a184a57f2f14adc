"""The program: what puts the other rooms together and what people start."""
