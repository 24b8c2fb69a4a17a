"""`python -m pjresolve`."""

from pjresolve.cli.main import run

if __name__ == "__main__":
    run()
