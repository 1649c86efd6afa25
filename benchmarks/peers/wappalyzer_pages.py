"""Run by the peer's Python: python-Wappalyzer over pages, what it found and how long it took.

``wappalyzer_pages.py <asked.json> <told.json>``; knows nothing of the project.
"""

import json
import sys
import time
import warnings


def main() -> None:
    """Read the set and pages, look for all of them, write processor seconds and findings."""
    warnings.simplefilter("ignore")
    from Wappalyzer import Wappalyzer, WebPage

    with open(sys.argv[1], encoding="utf-8") as file:
        asked = json.load(file)
    peer = Wappalyzer(asked["set"]["categories"], asked["set"]["technologies"])
    started = time.process_time()
    found = {
        name: sorted(peer.analyze(WebPage("https://acme.example/", text, {})))
        for name, text in asked["pages"].items()
    }
    told = {"cpu_seconds": time.process_time() - started, "found": found}
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        json.dump(told, file)


if __name__ == "__main__":
    main()
