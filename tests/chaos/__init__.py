"""Bad days: processes are killed while recordings are analysed. Run by `make chaos`, not by pytest."""
