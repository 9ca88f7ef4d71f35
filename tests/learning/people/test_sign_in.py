from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests import factories
from tests.pages import ORIGIN


def test_sign_in_and_see_account(client: FlaskClient, session: Session, query_count) -> None:
    person = factories.person(session, "Miriam Sander")
    factories.password(session, person, "ein langes Passwort für Tests")
    answer = client.get("/konto")
    assert answer.status_code == 302
    page = client.get(answer.location).text
    import re

    token = re.search('name="csrf_token" value="([^"]+)"', page)[1]
    answer = client.post(
        "/anmelden",
        data={
            "csrf_token": token,
            "name": person.hr_key,
            "kennwort": "ein langes Passwort für Tests",
            "weiter": "/konto",
        },
        headers=ORIGIN,
    )
    assert answer.status_code == 303, answer.text
    with query_count:
        page = client.get(answer.location)
    assert "Miriam Sander" in page.text
    assert query_count == 2
