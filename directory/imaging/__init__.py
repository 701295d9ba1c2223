"""Pictures and documents from outside: opened in a process of their own, and drawn anew."""
