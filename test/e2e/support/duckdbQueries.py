"""Answers queries over JSON lines with DuckDB: what to read and to ask on standard input, rows by query on standard output."""

import json
import sys

import duckdb

asked = json.load(sys.stdin)
database = duckdb.connect()
# Trino has them, DuckDB does not.
database.execute("CREATE MACRO array_except(a, b) AS list_filter(a, lambda x: NOT list_contains(b, x))")
database.execute("CREATE MACRO cardinality(a) AS len(a)")
database.execute("CREATE MACRO sequence(a, b) AS generate_series(a, b)")
database.execute("CREATE MACRO array_join(a, separator) AS array_to_string(a, separator)")
columns = ", ".join(f"\"{name}\": '{kind}'" for name, kind in asked["columns"].items())
database.execute(
    f"""CREATE VIEW trails AS SELECT * FROM read_json('{asked["files"]}', format = 'newline_delimited',
    hive_partitioning = true, hive_types_autocast = false, columns = {{{columns}}})"""
)


def rows(query):
    answer = database.execute(query)
    names = [column[0] for column in answer.description]
    return [dict(zip(names, row)) for row in answer.fetchall()]


json.dump({name: rows(query) for name, query in asked["queries"].items()}, sys.stdout, default=str)
