"""Writes the first migrations anew from the models, one file a feature: only until the first release has tables.

Usage: python deploy/first_steps.py. Afterwards each change of a table is a step of its own, written by hand.
"""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
VERSIONS = ROOT / "learning" / "migrations" / "versions"
TEMPLATE = '''"""The tables of {feature}, as the first release has them."""

import sqlalchemy as sa
from alembic import op

from learning import database

revision = "{revision}"
down_revision = {down_revision}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    {upgrade}


def downgrade() -> None:
    """Drop the tables."""
    {downgrade}
'''


def main() -> int:
    """Write all files; ruff brings them into form."""
    from alembic.autogenerate import produce_migrations, render_python_code
    from alembic.operations import ops
    from alembic.runtime.migration import MigrationContext
    from sqlalchemy import create_engine

    from learning import tables

    with create_engine("sqlite://").connect() as connection:
        produced = produce_migrations(MigrationContext.configure(connection), tables.METADATA)
    assert produced.upgrade_ops is not None
    previous = "None"
    for number, feature in enumerate(tables.FEATURES, start=1):
        names = set(tables.tables_of(feature))
        steps = [step for step in produced.upgrade_ops.ops if getattr(step, "table_name", None) in names]
        drops = [ops.DropTableOp(name) for name in reversed(ordered(steps))]
        revision = f"{number:04d}"
        text = TEMPLATE.format(
            feature=feature,
            revision=revision,
            down_revision=previous,
            upgrade=rendered(render_python_code, ops.UpgradeOps(steps)) + crosswise(tables, names)[0],
            downgrade=crosswise(tables, names)[1] + rendered(render_python_code, ops.DowngradeOps(drops)),
        )
        (VERSIONS / f"{revision}_{feature}.py").write_text(text, encoding="utf-8")
        previous = f'"{revision}"'
    return 0


def crosswise(tables, names: set[str]) -> tuple[str, str]:  # type: ignore[no-untyped-def]
    """Steps that add and drop references between tables that refer to each other; SQLite has them in its tables."""
    add, drop = "", ""
    for name in sorted(names):
        for key in tables.METADATA.tables[name].foreign_key_constraints:
            if key.use_alter:
                label, target = f'op.f("fk_{name}_{key.column_keys[0]}_{key.referred_table}")', key.referred_table
                add += f'        op.create_foreign_key({label}, "{name}", "{target}", {key.column_keys}, ["key"])\n'
                drop += f'        op.drop_constraint({label}, "{name}")\n'
    condition = '    if op.get_bind().dialect.name != "sqlite":\n'
    return ("\n" + condition + add, (condition + drop).strip() + "\n    ") if add else ("", "")


def ordered(steps: list) -> list[str]:  # type: ignore[type-arg]  # Alembic's operations have no common useful type
    """Names of the tables in the order in which they are made."""
    return [step.table_name for step in steps if type(step).__name__ == "CreateTableOp"]


def rendered(render, operations) -> str:  # type: ignore[no-untyped-def]
    """The operations as Python, without Alembic's own comments."""
    text = render(operations, alembic_module_prefix="op.", sqlalchemy_module_prefix="sa.")
    lines = [line for line in text.splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(lines).strip().replace("learning.database.", "database.")


if __name__ == "__main__":
    sys.exit(main())
