"""How much the stock book can be relied upon: measured on both databases, one file a figure."""
