"""The preview for authors: a folder of courses as learners will see it, with the checker's findings. Stores nothing."""
