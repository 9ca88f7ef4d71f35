"""The database: base class and column types of all models, the engine, and how a unit of work begins and ends.

Both databases behave alike above this module. Features define their own models; this one knows none of them.
"""

import datetime
import uuid
from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

NAMING = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcMoment(TypeDecorator[datetime.datetime]):
    """An aware moment, stored in UTC; SQLite keeps no zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Refuse naive moments: they would silently mean something else on another machine."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its time zone")
        return value.astimezone(datetime.UTC)

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """The moment as written, aware."""
        if value is None or value.tzinfo is not None:
            return None if value is None else value.astimezone(datetime.UTC)
        return value.replace(tzinfo=datetime.UTC)


Key = Annotated[int, mapped_column(primary_key=True)]
PublicId = Annotated[uuid.UUID, mapped_column(Uuid, unique=True, default=uuid.uuid4)]
Moment = Annotated[datetime.datetime, mapped_column(UtcMoment)]
Digest = Annotated[str, mapped_column(String(64))]
Name = Annotated[str, mapped_column(String(200))]
Code = Annotated[str, mapped_column(String(64))]
Plain = Annotated[Mapping[str, Any], mapped_column(JSON)]
PlainList = Annotated[list[Any], mapped_column(JSON)]


class Model(DeclarativeBase):
    """Base of all models. Relationships are not loaded behind a query's back; queries select what a page needs."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime.datetime: UtcMoment, uuid.UUID: Uuid}
