"""The product: everything that people, pages and the command line touch."""
