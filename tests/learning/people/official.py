"""What tests of the official account share: an application that knows the hostile provider, and the way through it."""

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode, urlsplit

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from learning.people.models import Person
from learning.settings import OpenidSettings, ProductSettings
from tests.pages import send
from tests.provider.hostile import CLIENT_ID, CLIENT_SECRET, Hostile

BEGIN = "/anmelden/dienstkonto"
RETURN = "/anmelden/dienstkonto/zurueck"
BACK_CHANNEL = "/anmelden/dienstkonto/abmeldung"
PROTECTED = "/konto"
ON_ITS_WAY = re.compile(r'<meta http-equiv="refresh" content="0; url=([^"]+)">')


def openid_settings(issuer: str, *, claim: str = "email") -> OpenidSettings:
    return OpenidSettings(issuer, CLIENT_ID, CLIENT_SECRET, claim, "openid email")


def on_its_way(page: TestResponse) -> str:
    """The address that a page of ours goes on to by itself."""
    found = ON_ITS_WAY.search(page.text)
    assert found, page.text
    return html.unescape(found[1])


def asked_of(page: TestResponse) -> dict[str, str]:
    """The parameters with which a page goes on to the provider."""
    return dict(parse_qsl(urlsplit(on_its_way(page)).query))


@dataclass
class Way:
    """One browser on its way through the provider."""

    client: FlaskClient
    provider: Hostile

    def begin(self, **fields: str) -> dict[str, str]:
        """Press the button; the parameters that the provider gets."""
        return asked_of(send(self.client, BEGIN, fields))

    def come_back(self, answer: Mapping[str, str | list[str]]) -> TestResponse:
        """The browser brings the provider's answer."""
        return self.client.get(f"{RETURN}?{urlencode(answer, doseq=True)}")

    def through(self, **fields: str) -> TestResponse:
        """All of it, as it should go; where it does not even begin, the page that says so."""
        page = send(self.client, BEGIN, fields)
        if page.status_code != 200:
            return page
        return self.come_back(self.provider.agree(asked_of(page)))

    @property
    def is_signed_in(self) -> bool:
        """True if a page for people opens."""
        return self.client.get(PROTECTED).status_code == 200

    def shows(self, person: Person) -> bool:
        """True if the account page is this person's."""
        return person.hr_key in self.client.get(PROTECTED).text


def hostile_client(product_settings: ProductSettings, hostile: Hostile, *, claim: str = "email") -> ProductSettings:
    """The settings of an application that knows the hostile provider."""
    return replace(product_settings, openid=openid_settings(hostile.issuer, claim=claim))
