"""Mail to a real server: as plain text, encrypted as configured and never less; every failure is one clear error."""

from dataclasses import replace
from pathlib import Path

import pytest

from learning import mail
from learning.mail import Letter, MailNotSent
from learning.settings import Encryption
from tests.factories import NOW
from tests.learning.postbox import certificate, free_port, only_with, postbox

LETTER = Letter("miriam@impuls.example", "Grüße aus Groß-Gerau", "Guten Tag,\n\nschöne Grüße.\n", "eins")


def test_a_letter_arrives_as_plain_text_with_its_own_identity() -> None:
    with postbox() as box:
        mail.send(box.settings(), LETTER, now=NOW)
        (arrived,) = box.mails
    assert arrived["To"] == "miriam@impuls.example"
    assert arrived["From"] == "impuls@impuls.example"
    assert arrived["Subject"] == "Grüße aus Groß-Gerau"
    assert arrived["Message-ID"] == "<eins@impuls.example>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived.get_content_type() == "text/plain"
    assert "schöne Grüße." in arrived.get_content()


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    place, context = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(place))
    return context


def test_with_starttls_the_mail_and_the_password_travel_encrypted(trusted) -> None:
    options = {"tls_context": trusted, "auth_required": True, "authenticator": only_with("impuls", "geheim")}
    with postbox(**options) as box:
        mail.send(box.settings(Encryption.STARTTLS, user="impuls", password="geheim"), LETTER, now=NOW)
        with pytest.raises(MailNotSent) as refused:
            mail.send(box.settings(Encryption.STARTTLS, user="impuls", password="falsch"), LETTER, now=NOW)
    assert box.encrypted == [True]
    assert "535" in str(refused.value)
    assert not refused.value.is_final


def test_a_server_without_starttls_gets_nothing_in_the_clear(trusted) -> None:
    with postbox() as box, pytest.raises(MailNotSent):
        mail.send(box.settings(Encryption.STARTTLS), LETTER, now=NOW)
    assert box.mails == []


def test_a_server_whose_certificate_nobody_vouches_for_gets_nothing(tmp_path: Path) -> None:
    _place, context = certificate(tmp_path)
    with postbox(tls_context=context) as box, pytest.raises(MailNotSent) as refused:
        mail.send(box.settings(Encryption.STARTTLS), LETTER, now=NOW)
    assert box.mails == []
    assert "certificate" in str(refused.value).lower()


@pytest.mark.parametrize(("answer", "is_final"), [("421 later", False), ("450 later", False), ("550 never", True)])
def test_what_the_server_says_decides_whether_to_try_again(answer: str, is_final: bool) -> None:
    with postbox() as box:
        for name in ("answer", "to_recipients"):
            box.answer, box.to_recipients = "250 OK", "250 OK"
            setattr(box, name, answer)
            with pytest.raises(MailNotSent) as refused:
                mail.send(box.settings(), LETTER, now=NOW)
            assert refused.value.is_final is is_final
            assert answer[:3] in str(refused.value)
    assert box.mails == []


def test_a_server_that_is_away_is_named() -> None:
    with postbox() as box:
        settings = replace(box.settings(), host="127.0.0.1", port=free_port())
    with pytest.raises(MailNotSent) as refused:
        mail.send(settings, LETTER, now=NOW)
    assert f"127.0.0.1:{settings.port}" in str(refused.value)
    with pytest.raises(MailNotSent):
        mail.reach(settings)


def test_reaching_the_server_sends_nothing() -> None:
    with postbox() as box:
        mail.reach(box.settings())
    assert box.mails == []


def test_a_recipient_cannot_bring_headers_of_their_own() -> None:
    hostile = replace(LETTER, to="miriam@impuls.example\nBcc: alle@impuls.example")
    with postbox() as box, pytest.raises(MailNotSent) as refused:
        mail.send(box.settings(), hostile, now=NOW)
    assert refused.value.is_final
    assert box.mails == []
