"""Domain types, ports, errors, settings and logging: what every room may know."""
