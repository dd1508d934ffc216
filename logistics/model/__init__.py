"""The nouns of the week: frozen, checked at birth, units in their names, standard library only."""
