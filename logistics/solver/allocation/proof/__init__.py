"""Certificates of levels: what the judge can check without solving anything."""
