"""`make down`: stops the Guanxi that runs from this folder, from another terminal."""

import signal

from . import place, processes


def main() -> None:
    """Tell it to stop, as Ctrl-C would, and wait until all of it has ended."""
    pid = processes.find("up")
    if pid is None:
        print(f"Guanxi is not running from {place.ROOT}.")
        return
    print("· stopping …", flush=True)
    processes.stop("up", signal.SIGTERM, patience=120)
    print("· stopped")


if __name__ == "__main__":
    main()
