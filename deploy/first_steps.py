"""Writes the first migrations anew from the models, one file a feature: only until the first release has tables.

Usage: python deploy/first_steps.py. Afterwards each change of a table is a step of its own, written by hand.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
VERSIONS = ROOT / "learning" / "migrations" / "versions"
TEMPLATE = '''"""The tables of {feature}, as the first release has them."""

import sqlalchemy as sa
from alembic import op

{imports}

revision = "{revision}"
down_revision = {down_revision}
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    {calls}{add}


def downgrade() -> None:
    """Drop the tables."""
    {drop}{downgrade}


{functions}
'''
FUNCTION = '''def make_{table}() -> None:
    """The table {table} with its indexes."""
    {body}
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
        order = [name_of(step) for step in produced.upgrade_ops.ops if is_table(step) and name_of(step) in names]
        steps = {name: [one for one in produced.upgrade_ops.ops if name_of(one) == name] for name in order}
        bodies = {name: rendered(render_python_code, ops.UpgradeOps(found)) for name, found in steps.items()}
        add, drop = crosswise(tables, names)
        functions = "\n\n".join(FUNCTION.format(table=name, body=body) for name, body in bodies.items())
        modules = sorted(set(re.findall(r"\blearning((?:\.[a-z_]+)+)\.[A-Z]", functions)))
        text = TEMPLATE.format(
            feature=feature,
            imports="\n".join(import_of(module) for module in modules),
            revision=f"{number:04d}",
            down_revision=previous,
            calls="\n    ".join(f"make_{name}()" for name in order),
            add=add,
            drop=drop,
            downgrade="\n    ".join(f'op.drop_table("{name}")' for name in reversed(order)),
            functions=re.sub(r"\blearning(?:\.[a-z_]+)*\.([a-z_]+)\.([A-Z])", r"\1.\2", functions).rstrip(),
        )
        (VERSIONS / f"{number:04d}_{feature}.py").write_text(text, encoding="utf-8")
        previous = f'"{number:04d}"'
    return 0


def import_of(module: str) -> str:
    """The line that imports `.people.models` of the package."""
    package, _, name = f"learning{module}".rpartition(".")
    return f"from {package} import {name}"


def name_of(step: object) -> str:
    """Name of the table that an operation is about."""
    return str(getattr(step, "table_name", ""))


def is_table(step: object) -> bool:
    """True for the operation that makes a table."""
    return type(step).__name__ == "CreateTableOp"


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
    return ("\n" + (condition + add).rstrip(), (condition + drop).strip() + "\n    ") if add else ("", "")


def rendered(render, operations) -> str:  # type: ignore[no-untyped-def]
    """The operations as Python, without Alembic's own comments."""
    text = render(operations, alembic_module_prefix="op.", sqlalchemy_module_prefix="sa.")
    lines = [line for line in text.splitlines() if not line.strip().startswith("# ###")]
    return "\n".join(lines).strip()


if __name__ == "__main__":
    sys.exit(main())
