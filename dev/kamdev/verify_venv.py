"""Run by an environment's own Python: are the pinned packages there, at the pinned versions? FILE… as arguments."""

import importlib.metadata
import sys

from pip._vendor.packaging.requirements import Requirement


def problems(path):
    with open(path) as handle:
        lines = [line.split("#")[0].strip() for line in handle]
    for requirement in map(Requirement, filter(None, lines)):
        if requirement.marker and not requirement.marker.evaluate():
            continue
        try:
            found = importlib.metadata.version(requirement.name)
        except importlib.metadata.PackageNotFoundError:
            yield f"{requirement.name} is missing"
        else:
            if not requirement.specifier.contains(found, prereleases=True):
                yield f"{requirement.name} is {found}, not {requirement.specifier}"


if __name__ == "__main__":
    wrong = [problem for path in sys.argv[1:] for problem in problems(path)]
    print("\n".join(wrong))
    sys.exit(bool(wrong))
