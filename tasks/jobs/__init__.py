"""The bodies of background jobs."""
