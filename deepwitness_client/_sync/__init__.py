# Made from `_async` by deploy/make-sync-client. Change that, and run `make client`.
"""The client for threads."""
