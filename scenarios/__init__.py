"""Declared weeks to plan, learn from and measure on: real places, made-up people, seeded builders."""
