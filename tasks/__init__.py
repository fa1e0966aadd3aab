"""Background work: the Celery application, the queue that sends by name, the runner, and short task bodies."""
