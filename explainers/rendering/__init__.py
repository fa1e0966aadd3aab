"""Pictures and documents from finished attributions and reports. Same input, same bytes."""
