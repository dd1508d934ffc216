"""Our own compiled search for bare problems: string removals, greedy insertion with blinks."""
