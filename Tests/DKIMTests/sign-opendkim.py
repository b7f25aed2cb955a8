# Has OpenDKIM (Debian's opendkim) sign the message in the file "plain", over the milter protocol, in both forms.
import os, re, socket, struct, subprocess, time

def packet(command, data=b""):
    return struct.pack("!I", len(data) + 1) + command + data

def receive(connection):
    head = b""
    while len(head) < 4:
        head += connection.recv(4 - len(head)) or exit("opendkim closed the connection")
    size = struct.unpack("!I", head)[0]
    data = b""
    while len(data) < size:
        data += connection.recv(size - len(data)) or exit("opendkim closed the connection")
    return data[:1], data[1:]

def sign(message, path):
    head, body = message.split(b"\r\n\r\n", 1)
    fields = []
    for line in head.split(b"\r\n"):
        if line[:1] in b" \t":
            fields[-1] += b"\n" + line
        else:
            fields.append(line)
    connection = socket.socket(socket.AF_UNIX)
    for _ in range(100):
        try:
            connection.connect(path)
            break
        except OSError:
            time.sleep(0.05)
    def say(command, data=b""):
        connection.sendall(packet(command, data))
        answer = receive(connection)
        assert answer[0] in b"cO", (command, answer)
    say(b"O", struct.pack("!III", 6, 0x1FF, 0))
    say(b"C", b"client.exemplary.lab\0" + b"4" + struct.pack("!H", 25) + b"127.0.0.1\0")
    say(b"H", b"client.exemplary.lab\0")
    say(b"M", b"<joe@exemplary.lab>\0")
    say(b"R", b"<a@example.com>\0")
    for field in fields:
        name, value = field.split(b":", 1)
        say(b"L", name + b"\0" + value.removeprefix(b" ") + b"\0")
    say(b"N")
    if body:
        say(b"B", body)
    connection.sendall(packet(b"E"))
    signature = None
    while True:
        command, data = receive(connection)
        if command in (b"h", b"i"):
            data = data[4:] if command == b"i" else data
            name, value = data.split(b"\0")[:2]
            if name.lower() == b"dkim-signature":
                signature = name + b": " + value.lstrip(b" ").replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") + b"\r\n"
        elif command in (b"c", b"a"):
            break
    connection.close()
    assert signature, "opendkim signed nothing"
    return signature + message

for forms in ("relaxed/relaxed", "relaxed/simple", "simple/simple", "simple/relaxed"):
    path = os.path.abspath("opendkim.sock")
    with open("opendkim.conf", "w") as file:
        file.write("Syslog no\nBackground no\nMode s\nDomain exemplary.lab\nSelector rsa\nKeyFile %s\n"
            "SignatureAlgorithm rsa-sha256\nCanonicalization %s\nSocket local:%s\nInternalHosts 0.0.0.0/0\n"
            "RequireSafeKeys no\nOversignHeaders From\n" % (os.path.abspath("rsa.pem"), forms, path))
    if os.path.exists(path):
        os.unlink(path)
    server = subprocess.Popen(["/usr/sbin/opendkim", "-f", "-x", "opendkim.conf"])
    try:
        # A milter is not told of white space at the ends of a field, so that "simple" cannot be right with it.
        plain = re.sub(rb"Subject:.*?Date:", b"Subject: folded\r\n\tsubject\r\nDate:", open("plain", "rb").read(), flags=re.S)
        signed = sign(plain, path)
    finally:
        server.kill()
        server.wait()
    open("good-opendkim-%s.eml" % forms.replace("/", "-"), "wb").write(signed)
