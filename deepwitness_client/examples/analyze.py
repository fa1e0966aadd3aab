"""Upload a file, follow it, print what was found: `python analyze.py URL FILE`."""

import sys

from deepwitness_client import Client

with Client(sys.argv[1]) as service:
    submitted = service.submit(
        sys.argv[2], "check the face and the voice", progress=lambda sent, total: print(f"{sent} of {total} bytes sent")
    )
    for event in service.events(submitted.analysis.id):
        print(event.message)
    result = service.result(submitted.analysis.id)
    print(result.verdict, result.confidence)
    for sentence in result.report.narrative.sentences:
        print(sentence.text, *sentence.citations)
