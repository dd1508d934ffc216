"""The engine of Osusowake: one week, one book. `logistics.week` tells the story, verb by verb."""
