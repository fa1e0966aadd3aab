"""The command line: a thin client of the API, and the one verb that needs no server."""
