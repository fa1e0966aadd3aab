"""What each kind of background work does. A module exports the `Job` of each kind that it does."""
