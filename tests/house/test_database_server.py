"""The PostgreSQL that the tests bring with them really answers."""

import psycopg


def test_the_server_from_the_wheel_answers_a_question_in_sql(postgres: str) -> None:
    with psycopg.connect(postgres) as connection:
        answer = connection.execute(
            "SELECT sum(n), current_setting('server_version_num')::int FROM generate_series(1, 10) AS n"
        ).fetchone()
    assert answer is not None
    assert answer[0] == 55
    assert answer[1] >= 140000


def test_what_one_connection_commits_another_one_sees(postgres: str) -> None:
    with psycopg.connect(postgres) as writer:
        writer.execute("CREATE TABLE seen (word text)")
        writer.execute("INSERT INTO seen VALUES ('Terminvergabe')")
    with psycopg.connect(postgres) as reader:
        assert reader.execute("SELECT word FROM seen").fetchall() == [("Terminvergabe",)]
        reader.execute("DROP TABLE seen")
