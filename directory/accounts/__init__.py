"""People: sign-up, sign-in, second factor, sessions, roles, the export and erasure of a person.

Built from parts that each do one thing well (argon2-cffi, webauthn, cryptography's TOTP, zxcvbn, email-validator,
Flask-WTF) rather than on Flask-Security: its session is a signed cookie where ours are rows, its pages read the session
wherever a template is drawn where our public pages never may, its mailed tokens are signatures where ours are used up
by one UPDATE, and its answers and limits would each have had to be replaced.
"""
