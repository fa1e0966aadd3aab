"""Media reading, faces, speech, trained detectors, calibration and fusion."""
