"""Builds training data from public sources.

    python -m training.data --sources faces --shared ../shared/data --clones DIR --out DIR

`--clones` holds cloned repositories, as `owner/name` or `owner+name`; those that are absent are named and passed over,
or cloned with `--may-clone`.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.data.faces import build_faces


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sources", choices=("faces",), required=True)
    parser.add_argument("--shared", type=Path, default=Path("../shared/data"))
    parser.add_argument("--clones", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--may-clone", action="store_true", help="clone absent repositories from GitHub")
    parser.add_argument("--only", nargs="*", default=[], help="datasets; all when left out")
    arguments = parser.parse_args()
    build_faces(arguments.shared, arguments.clones, arguments.out, tuple(arguments.only), may_clone=arguments.may_clone)


if __name__ == "__main__":
    main()
