"""`python -m codemod` is `dockerfix`."""

from codemod.cli import main

if __name__ == "__main__":
    main(prog_name="dockerfix")
