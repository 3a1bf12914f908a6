# SPDX-License-Identifier: Apache-2.0
"""schema.py SCHEMA LINES [LINES-TO-REFUSE]: each line of JSON must fit the schema, each of the other
file must not. 77 where jsonschema is not installed."""
import json
import sys

try:
    import jsonschema
except ImportError:
    print("schema.py: no jsonschema here")
    sys.exit(77)

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
bad = lines = 0
for name, wanted in zip(sys.argv[2:], (True, False)):
    for line in open(name):
        if not line.strip():
            continue
        lines += 1
        errors = [error.message for error in validator.iter_errors(json.loads(line))]
        if (not errors) != wanted:
            print(line.strip()[:200], errors or "is not refused")
            bad += 1
print(lines, "lines,", bad, "wrong")
sys.exit(bad > 0 or lines == 0)
