"""The application and what every request passes: sign-in, rate limits, errors and metrics."""
