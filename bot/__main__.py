"""The command line: `oryn …`."""


def main() -> None:
    """Entry point of the `oryn` command."""


if __name__ == "__main__":
    main()
