"""The operators' room: who may come in, what runs and when, what is stored, and that what must go is gone.

Operators decide nothing about content and see none: no draft, no evidence, no word of a consultation.
"""
