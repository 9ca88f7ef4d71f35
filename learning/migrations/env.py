"""What Alembic runs for every command: the steps over the connection that learning/schema.py opened."""

from alembic import context

from learning.database import Model

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Model.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()
