"""Letters about clinics somebody saved, without an account: who wants them, what changed, one letter a day."""
