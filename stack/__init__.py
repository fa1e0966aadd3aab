"""The embedded servers: real PostgreSQL, Valkey, S3 and a language model, without Docker and without root."""
