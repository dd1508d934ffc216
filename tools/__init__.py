"""Scripts of the house: linking, fonts, message catalogues."""
