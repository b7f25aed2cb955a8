# Messages signed by dkimpy (Debian's python3-dkim), good and altered ones, one file each.
import base64, re
import dkim, nacl.signing

domain, other = b"exemplary.lab", b"nodane.lab"
rsa, wrong = open("rsa.pem", "rb").read(), open("wrong.pem", "rb").read()
seed = nacl.signing.SigningKey.generate()
edwards = base64.b64encode(bytes(seed))
open("edwards.p", "w").write(base64.b64encode(bytes(seed.verify_key)).decode())

head = (b"From: =?utf-8?q?J=C3=B6?= \"quoted, <x@y.lab>\" (a comment) <joe@exemplary.lab>\r\nTo: a@example.com,\r\n"
    b"\tb@example.com\r\nSubject:  folded \r\n  subject\t here \r\nDate: Tue, 24 Nov 2026 10:00:00 +0000\r\n"
    b"Message-ID: <1@exemplary.lab>\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n")
body = b"Hello  world \t \r\n\r\n with  spaces\t\r\n. dot \r\n\r\n\r\n"
message = head + b"\r\n" + body

def put(name, octets):
    open(name + ".eml", "wb").write(octets)

def sign(text=message, selector=b"rsa", d=domain, key=rsa, canon=(b"relaxed", b"relaxed"), **more):
    return dkim.sign(text, selector, d, key, canonicalize=canon, **more) + text

for h in (b"simple", b"relaxed"):
    for b in (b"simple", b"relaxed"):
        put("good-%s-%s" % (h.decode(), b.decode()), sign(canon=(h, b)))
ed = dict(selector=b"ed", key=edwards, signature_algorithm=b"ed25519-sha256")
put("good-edwards", sign(**ed))
put("good-edwards-simple", sign(canon=(b"simple", b"simple"), **ed))
put("good-both", sign(sign(), **ed))
put("good-length", sign(length=True))
put("good-length-more", sign(length=True) + b"more\r\n")
put("good-lf", sign().replace(b"\r\n", b"\n"))
put("good-empty", sign(head + b"\r\n"))
put("good-empty-simple", sign(head + b"\r\n", canon=(b"simple", b"simple")))
put("good-no-body", sign(head + b"\r\n", canon=(b"simple", b"relaxed")))
put("good-last-line", sign(message.rstrip() ))
put("good-oversigned", sign(include_headers=[b"from", b"from", b"to", b"subject", b"subject", b"date"]))
put("good-received", b"Received: from a by b; x\r\n" + sign() )
put("good-spaces", sign(head + b"\r\n" + b" \t \r\n" * 3))
put("good-mbox", b"From joe@exemplary.lab Tue Nov 24\n" + sign().replace(b"\r\n", b"\n"))

good = sign()
put("bad-body", good.replace(b"Hello", b"Hallo"))
put("bad-header", good.replace(b"subject\t here", b"subject\t there"))
put("bad-added", b"Subject: another\r\n" + sign(include_headers=[b"from", b"subject", b"subject"]))
put("bad-wrong", sign(key=wrong))
end = good.index(b"From:")
field = good[:end].rstrip()
put("bad-cut", field[:-24] + b"\r\n" + good[end:])
put("bad-expired", re.sub(rb"\bt=\d+", b"t=900000000; x=1000000000", good, count=1))
put("bad-sha1", sign(signature_algorithm=b"rsa-sha1"))
put("bad-missing", sign(selector=b"nowhere"))
put("bad-kind", sign(selector=b"ed"))
put("bad-short", sign(selector=b"short"))
put("bad-revoked", sign(selector=b"revoked"))
put("bad-from", re.sub(rb"(?<=[; \t\n])h=[^;]*;", b"h=to:subject;", good, count=1))
put("bad-length", good.replace(b" t=", b" l=99999; t="))
put("bad-unsigned", message)
put("bad-unaligned", sign(d=other, selector=b"rsa"))
put("bad-two-from", b"From: x@nodane.lab\r\n" + good)
put("hostile-nul", sign().replace(b"Hello", b"He\0llo"))
put("hostile-many", (b"DKIM-Signature: v=1; d=exemplary.lab; s=a; h=from\r\n" * 10000) + message)
put("hostile-big", sign(head + b"\r\n" + b"x" * 70 + b"\r\n" + (b"y" * 70 + b"\r\n") * 700_000))
put("hostile-header", good[:end] + b"X-A: " + b"a" * 2_000_000 + b"\r\n" + good[end:])
put("hostile-fields", good[:end] + b"X-A: a\r\n" * 20_000 + good[end:])
put("hostile-tags", b"DKIM-Signature: " + b"a=b;" * 100_000 + b"\r\n" + message)
put("hostile-empty", b"")
put("hostile-octets", bytes(range(256)) * 1000)
open("plain", "wb").write(message)
