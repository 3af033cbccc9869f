"""A node: chain -> decode -> project -> serve. Imports run one way, from the right to the left."""
