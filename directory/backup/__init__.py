"""Copies from which the site comes back: database, files, fingerprints of the keys; and proof that it does."""
