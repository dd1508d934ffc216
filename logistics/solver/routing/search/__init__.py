"""Our own compiled search for bare routing problems: string removals and greedy insertion with blinks."""
