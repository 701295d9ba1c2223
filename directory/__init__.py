"""Hairline: a directory of scalp micropigmentation clinics that shows what has been checked.

The application is made in `directory.factory`, so that importing one room does not import them all.
"""
