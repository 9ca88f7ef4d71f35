"""Names every module that defines tables, so that migrations and tests know them all."""

# Importing a module of models is what makes its tables known.
from learning import audit, jobs
from learning.database import Model
from learning.library import models as library
from learning.obligations import models as obligations
from learning.people import models as people
from learning.study import models as study

FEATURES = {
    "people": people,
    "library": library,
    "study": study,
    "obligations": obligations,
    "audit": audit,
    "jobs": jobs,
}
METADATA = Model.metadata


def tables_of(feature: str) -> list[str]:
    """Names of the tables that a feature defines."""
    module = FEATURES[feature].__name__
    return [str(mapper.class_.__tablename__) for mapper in Model.registry.mappers if mapper.class_.__module__ == module]
