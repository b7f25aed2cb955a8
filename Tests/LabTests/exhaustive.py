"""Every suite of the registry in every version, one connection each: what a server accepts, told without our own code.

usage: exhaustive.py REGISTRY NAME ADDRESS; prints a line `VERSION SUITE` for each that is accepted.
"""
import os, re, socket, struct, sys, time

registry, name, address = sys.argv[1:4]
VERSIONS = {"SSLv3": 0x0300, "TLSv1": 0x0301, "TLSv1.1": 0x0302, "TLSv1.2": 0x0303, "TLSv1.3": 0x0304}
GROUPS = [29, 23, 24, 25, 30, 256, 257, 258]
SCHEMES = [0x0403, 0x0503, 0x0603, 0x0807, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201]


def vector(size, octets):
    return len(octets).to_bytes(size, "big") + octets


def extension(number, octets):
    return struct.pack(">H", number) + vector(2, octets)


def hello(version, suite):
    wire = min(version, 0x0303)
    extensions = b""
    if version > 0x0300:
        extensions += extension(0, vector(2, b"\0" + vector(2, name.encode())))
        extensions += extension(10, vector(2, b"".join(struct.pack(">H", g) for g in GROUPS)))
        extensions += extension(11, b"\1\0")
    if version >= 0x0303:
        extensions += extension(13, vector(2, b"".join(struct.pack(">H", s) for s in SCHEMES)))
    if version == 0x0304:
        extensions += extension(43, vector(1, struct.pack(">H", version)))
        extensions += extension(51, vector(2, b""))
    body = struct.pack(">H", wire) + os.urandom(32) + vector(1, b"")
    body += vector(2, struct.pack(">HH", suite, 0x00FF)) + b"\1\0"
    if extensions:
        body += vector(2, extensions)
    return b"\x16\3" + bytes([min(wire & 0xFF, 1)]) + vector(2, b"\1" + vector(3, body))


def line(stream):
    while True:
        text = stream.readline()
        if len(text) < 4 or text[3:4] == b" ":
            return text


class Busy(Exception):
    pass


def accepts(version, suite):
    # Servers count connections that have just ended; they have their time.
    for _ in range(120):
        try:
            return asked(version, suite)
        except (Busy, ConnectionError, TimeoutError):
            time.sleep(0.25)
    sys.exit("too busy")


def asked(version, suite):
    with socket.create_connection((address, 25), timeout=20) as link:
        stream = link.makefile("rb")
        if not line(stream).startswith(b"220"):
            raise Busy
        link.sendall(b"EHLO exhaustive.lab\r\n")
        line(stream)
        link.sendall(b"STARTTLS\r\n")
        if not line(stream).startswith(b"220"):
            sys.exit("no STARTTLS")
        link.sendall(hello(version, suite))
        try:
            head = stream.read(5)
            if len(head) < 5 or head[0] != 22:
                return False
            record = stream.read(struct.unpack(">H", head[3:])[0])
            if len(record) < 40 or record[0] != 2:
                return False
            chosen = struct.unpack(">H", record[4:6])[0]
            session = record[38]
            end = 39 + session
            if struct.unpack(">H", record[end:end + 2])[0] != suite:
                return False
            if version == 0x0304:
                return b"\0\x2b\0\2\3\4" in record[end:]
            if chosen != version:
                return False
            # A server that chose, and has no certificate or group for it after all, sends an alert.
            head = stream.read(5) if len(record) == 4 + int.from_bytes(record[1:4], "big") else b"\x16"
            return head[:1] != b"\x15"
        except (ConnectionError, TimeoutError):
            return False


rows = re.findall(r"^\s+([0-9A-F]{4}) (\S+)$", open(registry).read(), re.M)
for word, version in VERSIONS.items():
    for number, suite in rows:
        isNew = number.startswith("13")
        if isNew == (version == 0x0304) and accepts(version, int(number, 16)):
            print(word, "TLS_" + suite)
