#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""follow.py FILE: prints each alert once, from where it stopped, and says when one is missing.

REDIS is the path of Redis's unix socket, or host:port; COUNT ends it after so many. Nothing but
Python's own library is needed: what is spoken is RESP, https://redis.io/docs/reference/protocol-spec
"""
import json
import os
import socket
import sys


def connect(where):
    host, _, port = where.rpartition(":")
    if host:
        return socket.create_connection((host, int(port))).makefile("rwb")
    link = socket.socket(socket.AF_UNIX)
    link.connect(where)
    return link.makefile("rwb")


def reply(link):
    line = link.readline()
    kind, text = line[:1], line[1:-2].decode()
    if kind == b"-":
        raise RuntimeError(text)
    if kind == b"$":
        return None if text == "-1" else link.read(int(text) + 2)[:-2].decode()
    if kind == b"*":
        return [reply(link) for _ in range(int(text))]
    return text


def ask(link, *words):
    link.write(b"*%d\r\n" % len(words))
    for word in (str(word).encode() for word in words):
        link.write(b"$%d\r\n%s\r\n" % (len(word), word))
    link.flush()
    return reply(link)


def main(mark):
    newest, sequence = open(mark).read().split() if os.path.exists(mark) else ("0", "0")
    left = int(os.environ.get("COUNT", -1))
    link = connect(os.environ["REDIS"])
    while left != 0:
        streams = ask(link, "XREAD", "COUNT", 1, "BLOCK", 5000, "STREAMS", "{breachd}:alerts", newest)
        for newest, fields in (streams[0][1] if streams else []):
            event = json.loads(fields[fields.index("event") + 1])
            if int(sequence) and int(event["sequence"]) != int(sequence) + 1:
                print(f"MISSING before {event['sequence']}: the last was {sequence}", file=sys.stderr)
            sequence = event["sequence"]
            data = event["data"]
            print(sequence, data["severity"], event["type"], event["subject"] + ":", data["reason"], flush=True)
            with open(mark, "w") as file:
                print(newest, sequence, file=file)
            left -= 1


if __name__ == "__main__":
    main(sys.argv[1])
