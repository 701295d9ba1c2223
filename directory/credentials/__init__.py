"""Credentials: who may do this work, issued by whom, checked how and when; the official registers they rest on."""
