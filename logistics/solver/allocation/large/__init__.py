"""Large weeks: the bound of split packs, and whole packs near it."""
