"""The public endpoints, one module a resource."""
