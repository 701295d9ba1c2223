#!/usr/bin/env python3
"""Check the public record of a Hairline site on your own machine. Plain Python 3.8 or newer, nothing to install.

    python3 verify-log.py log.jsonl
    python3 verify-log.py log.jsonl --head HASH
    python3 verify-log.py log.jsonl --heads heads.jsonl --key KEY

log.jsonl    the record as published at /transparency/log.jsonl ("-" reads it from standard input)
--head       a hash you noted or were sent earlier: the row it belongs to must still be there, unchanged
--heads      the heads published each hour, at /transparency/heads.jsonl: each must lie in the chain and be signed
--key        the site's public key, as you noted it earlier: every head must be signed by it (may be given more
             than once, after the site changed its key); without it each head is checked against the key it names

It ends with status 0 and one line when all is as it should be; with 1 and the number of the first bad row when it is
not; with 2 when a file cannot be read.

How a row is made: its hash is SHA-256 of the previous row's hash (64 zeros before the first) followed by the row's
act, at, facts, role, seq and subject as JSON with sorted keys, no spaces and only ASCII characters.
"""

import argparse
import hashlib
import json
import sys

GENESIS = "0" * 64
FIELDS = {"seq", "at", "act", "role", "subject", "facts", "prev_hash", "hash"}
HEAD_FIELDS = {"seq", "hash", "at", "key", "signature"}
PREFIX = b"hairline ledger head\n"


class Bad(Exception):
    """What is wrong, in words."""


def canonical(thing):
    return json.dumps(thing, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False)


def strict(pairs):
    """An object whose keys are all different: of two equal ones a reader would see only the last."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def rows(file, fields, what):
    for number, line in enumerate(file, 1):
        try:
            row = json.loads(line, object_pairs_hook=strict)
        except ValueError:
            raise Bad(f"line {number} of {what} is no JSON object") from None
        if not isinstance(row, dict) or set(row) != fields:
            raise Bad(f"line {number} of {what} has other fields than {', '.join(sorted(fields))}")
        if line.rstrip("\r\n") != canonical(row):
            raise Bad(f"line {number} of {what} is not in canonical form")
        yield row


def check_log(file, wanted):
    """Walk the chain; `wanted` are (number or None, hash) pairs that must be met on the way."""
    seq, prev = 0, GENESIS
    by_number = {number: digest for number, digest in wanted if number is not None}
    loose = {digest for number, digest in wanted if number is None and digest != GENESIS}
    for row in rows(file, FIELDS, "the log"):
        seq += 1
        if row["seq"] != seq:
            raise Bad(f"row {seq} is missing: row {row['seq']} stands in its place")
        if row["prev_hash"] != prev:
            raise Bad(f"row {seq} does not follow from the row before it")
        body = {key: row[key] for key in ("seq", "at", "act", "role", "subject", "facts")}
        if row["hash"] != hashlib.sha256((prev + canonical(body)).encode()).hexdigest():
            raise Bad(f"row {seq}: its content does not match its hash")
        if by_number.pop(seq, row["hash"]) != row["hash"]:
            raise Bad(f"row {seq} is not the row whose hash was published: the chain was made anew")
        prev = row["hash"]
        loose.discard(prev)
    if by_number:
        raise Bad(f"row {seq + 1} is missing: a head was published of row {max(by_number)}, rows were cut off")
    if loose:
        raise Bad(f"row {seq + 1} is missing, or the chain was made anew: no row has the hash {min(loose)}")
    return seq, prev


# Ed25519 (RFC 8032), checking only. Slow, and nothing here is secret, so no care is taken about timing.
P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(one, two):
    a = (one[1] - one[0]) * (two[1] - two[0]) % P
    b = (one[1] + one[0]) * (two[1] + two[0]) % P
    c = 2 * one[3] * two[3] * D % P
    d = 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = add(total, point)
        point = add(point, point)
        number >>= 1
    return total


def same(one, two):
    return not ((one[0] * two[2] - two[0] * one[2]) % P or (one[1] * two[2] - two[1] * one[2]) % P)


def point_of(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point_of((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, signature, message):
    if len(key) != 32 or len(signature) != 64:
        return False
    public, commit = point_of(key), point_of(signature[:32])
    number = int.from_bytes(signature[32:], "little")
    if public is None or commit is None or number >= Q:
        return False
    asked = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % Q
    return same(times(number, BASE), add(commit, times(asked, public)))


def check_heads(file, keys):
    """The published heads as (number, hash), each signed by one of the keys."""
    found = []
    for head in rows(file, HEAD_FIELDS, "the heads"):
        if keys and head["key"] not in keys:
            raise Bad(f"the head of row {head['seq']} is signed by another key than yours")
        message = PREFIX + canonical({name: head[name] for name in ("at", "hash", "seq")}).encode()
        try:
            good = is_signed(bytes.fromhex(head["key"]), bytes.fromhex(head["signature"]), message)
        except (TypeError, ValueError):
            good = False
        if not good:
            raise Bad(f"the head of row {head['seq']} is not signed by the key it names")
        found.append((head["seq"], head["hash"]))
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("log")
    parser.add_argument("--head", action="append", default=[])
    parser.add_argument("--heads")
    parser.add_argument("--key", action="append", default=[])
    given = parser.parse_args()
    wanted = [(None, digest.strip().lower()) for digest in given.head]
    count = 0
    try:
        if given.heads:
            with open(given.heads, encoding="ascii") as file:
                heads = check_heads(file, {key.strip().lower() for key in given.key})
            count = len(heads)
            wanted += heads
        if given.log == "-":
            seq, digest = check_log(sys.stdin, wanted)
        else:
            with open(given.log, encoding="ascii") as file:
                seq, digest = check_log(file, wanted)
    except Bad as wrong:
        print(f"NOT as it should be: {wrong}")
        return 1
    except (OSError, UnicodeDecodeError) as error:
        print(f"cannot be read: {error}", file=sys.stderr)
        return 2
    heads = f", {count} published heads lie in it and are signed" if given.heads else ""
    print(f"{seq} rows, unbroken{heads}; head {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
