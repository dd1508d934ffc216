"""Whole packs: integer leximin by raise and freeze, with what it stands on."""
