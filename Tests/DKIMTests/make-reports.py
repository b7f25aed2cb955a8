# Writes DMARC reports, compressed well and badly, and a table: file, tab, its selectors or a word of the refusal.
import gzip, io, os, random, struct, sys, zipfile, zlib

os.chdir(sys.argv[1])
table = []

def report(*selectors):
    results = "".join("<dkim><domain>x.lab</domain><selector>%s</selector></dkim>" % name for name in selectors)
    return ("<?xml version='1.0'?><feedback><record><auth_results>%s</auth_results></record></feedback>" % results).encode()

def file(name, octets, wanted):
    open(name, "wb").write(octets)
    table.append("%s\t%s" % (name, wanted))

def archive(members, method=zipfile.ZIP_DEFLATED, comment=b"", **options):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method, **options) as zipped:
        for name, octets in members:
            zipped.writestr(name, octets)
        zipped.comment = comment
    return buffer.getvalue()

def patched(octets, *changes):
    octets = bytearray(octets)
    for offset, value in changes:
        octets[offset:offset + len(value)] = value
    return bytes(octets)

one = report("s1")
packed = gzip.compress(one)
zipped = archive([("a!b!1!2.xml", one)])
end = len(zipped) - 22
directory = struct.unpack("<I", zipped[end + 16:end + 20])[0]

file("plain.xml", one, "s1")
file("good.xml.gz", packed, "s1")
file("good.zip", zipped, "s1")
file("stored.zip", archive([("a.xml", one)], zipfile.ZIP_STORED), "s1")
file("two.zip", archive([("a.xml", one), ("b.xml", report("s2"))]), "s1 s2")
file("others.zip", archive([("readme.txt", b"hello"), ("dir/", b""), ("a.xml", one)]), "s1")
file("comment.zip", archive([("a.xml", one)], comment=b"PK\5\6 is how the end begins"), "s1")
file("climbing.zip", archive([("../../../etc/passwd", one), ("/etc/shadow", report("s2"))]), "s1 s2")
big = report(*("s%d" % number for number in range(20000)))
file("big.xml.gz", gzip.compress(big), " ".join("s%d" % number for number in range(20000)))
random.seed(1)
file("random.gz", b"\x1f\x8b" + random.randbytes(5000), "gzip")
file("random.zip", b"PK\3\4" + random.randbytes(5000), "damaged zip")
file("short.xml.gz", packed[:-12], "too early")
file("header.gz", packed[:10], "too early")
file("checksum.gz", packed[:-8] + b"\0\0\0\0" + packed[-4:], "damaged gzip")
file("trailing.gz", packed + b"more", "follows")
file("twice.gz", gzip.compress(packed), "compressed twice")
file("gzip-in.zip", archive([("a.xml.gz", packed)]), "compressed twice")
file("zip-in.zip", archive([("a.zip", zipped)]), "compressed twice")
file("zip-in.gz", gzip.compress(zipped), "compressed twice")
file("short.zip", zipped[:-30], "damaged zip")
file("half.zip", zipped[:len(zipped) // 2], "damaged zip")
file("empty.zip", archive([]), "holds no file")
file("html.zip", archive([("a.html", b"<html>")]), "not a DMARC")
file("bomb.gz", gzip.compress(b"<feedback>" + bytes(200 << 20)), "unpacks to more than")
file("bomb.zip", archive([("a.xml", b"<feedback>" + bytes(200 << 20))]), "unpacks to more than")
# Many small bombs: each within its ratio, all of them beyond the limit.
noise = random.randbytes(4000) * 80
file("many.zip", archive([("%d.xml" % number, noise) for number in range(200)]), "too many octets")
file("files.zip", archive([("%d.xml" % number, b"x") for number in range(1001)]), "more than 1000 files")
file("encrypted.zip", patched(zipped, (directory + 8, b"\1\0")), "encrypted")
file("method.zip", archive([("a.xml", one)], zipfile.ZIP_BZIP2), "not read")
file("zip64.zip", patched(zipped, (end + 10, b"\xff\xff")), "zip64")
file("split.zip", patched(zipped, (end + 4, b"\1\0")), "split")
file("crc.zip", patched(zipped, (directory + 16, b"\0\0\0\0")), "damaged zip")
file("size.zip", patched(zipped, (directory + 24, b"\1\0\0\0")), "damaged zip")
file("outside.zip", patched(zipped, (directory + 42, b"\xff\xff\xff\x7f")), "damaged zip")
# Two entries that point to one local header, as David Fifield's bombs do.
entry = zipped[directory:end]
overlapping = zipped[:directory] + entry * 2 + struct.pack(
    "<4sHHHHIIH", b"PK\5\6", 0, 0, 2, 2, 2 * len(entry), directory, 0)
file("overlapping.zip", overlapping, "share octets")
open("table", "w").write("\n".join(table) + "\n")
