"""What is kept: PostgreSQL rows through repositories, objects through the blob store."""
