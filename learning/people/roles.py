"""The closed set of roles that a person can hold. What a role may do stands in the permission table alone."""

from enum import StrEnum


class Role(StrEnum):
    """Everybody is an employee; the other roles are granted. Team lead and HR are granted on a unit."""

    EMPLOYEE = "employee"
    TRAINER = "trainer"
    TEAM_LEAD = "team_lead"
    HR = "hr"
    WORKS_COUNCIL = "works_council"
    DATA_PROTECTION = "data_protection"
    ADMINISTRATOR = "administrator"


# Stands for a role in the audit log: who may type commands is decided by the machine, not by a grant.
COMMAND_LINE = "command_line"
