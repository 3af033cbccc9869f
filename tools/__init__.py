"""The project's own tooling, run by `./dev`: standard library only, so that it works before anything is installed."""
