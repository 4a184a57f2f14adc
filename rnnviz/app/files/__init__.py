"""Files: opening, saving, importing and exporting, and the questions that go with them."""
