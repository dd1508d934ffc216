"""After fairness: waste, variety, nearness, least change, and what a slack would save."""
