"""`python -m pipeline` is the same as `yuebao`."""

from pipeline.cli import main

if __name__ == "__main__":
    main(prog_name="yuebao")
