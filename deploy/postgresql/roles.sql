-- Two roles: one owns the tables and runs migrations, one uses them. Run as a superuser in the site's database.
-- Passwords are set apart from this file: \password hairline_owner, \password hairline_web
CREATE ROLE hairline_owner LOGIN;
CREATE ROLE hairline_web LOGIN;
CREATE SCHEMA IF NOT EXISTS hairline AUTHORIZATION hairline_owner;
ALTER ROLE hairline_owner SET search_path = hairline;
ALTER ROLE hairline_web SET search_path = hairline;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA hairline TO hairline_web;
ALTER DEFAULT PRIVILEGES FOR ROLE hairline_owner IN SCHEMA hairline
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO hairline_web;
ALTER DEFAULT PRIVILEGES FOR ROLE hairline_owner IN SCHEMA hairline
    GRANT USAGE, SELECT ON SEQUENCES TO hairline_web;
