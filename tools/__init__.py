"""The project's own tooling, run by `./dev`: standard library only, as it precedes set-up."""
