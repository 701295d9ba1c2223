"""Why a review is suspicious: one signal a file, each in words with numbers. They hold or prioritise, never remove."""
