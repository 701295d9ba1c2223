"""Planted rings in honest traffic: how many of their reviews the signals hold, and how many honest ones with them."""
