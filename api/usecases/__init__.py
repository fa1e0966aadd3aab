"""What a caller may do, one module a resource: called by the endpoints and by the page alike."""
