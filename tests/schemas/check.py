"""Holds every report of a directory against a schema: python3 check.py SCHEMA DIR. Ends with 1 when one breaks it."""
import json
import pathlib
import sys

import jsonschema

schema = json.loads(pathlib.Path(sys.argv[1]).read_text())
jsonschema.Draft4Validator.check_schema(schema)
validator = jsonschema.Draft4Validator(schema)
logs = sorted(pathlib.Path(sys.argv[2]).iterdir())
wrong = 0
for path in logs:
    for error in validator.iter_errors(json.loads(path.read_text())):
        wrong += 1
        print(f"wrong: {path.name}: {error.json_path}: {error.message}")
print(f"jsonschema: {len(logs)} reports, {wrong} problems")
sys.exit(1 if wrong or not logs else 0)
