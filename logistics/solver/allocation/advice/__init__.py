"""Why somebody is short, what would help, what to ask for, what to answer, what a pin costs."""
