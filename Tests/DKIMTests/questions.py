# Prints name and type of every question that leaves for a name server on this machine, one a line, until it is killed.
import socket

listener = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.ntohs(3))
print("ready", flush=True)
while True:
    frame, address = listener.recvfrom(65535)
    if address[2] != socket.PACKET_OUTGOING:
        continue
    packet = frame[14:]
    version = packet[0] >> 4
    protocol, datagram = (packet[9], packet[(packet[0] & 15) * 4:]) if version == 4 else (packet[6], packet[40:])
    if protocol != socket.IPPROTO_UDP or int.from_bytes(datagram[2:4], "big") != 53:
        continue
    message, labels, at = datagram[8:], [], 12
    while message[at]:
        labels.append(message[at + 1:at + 1 + message[at]].decode("latin-1").lower())
        at += message[at] + 1
    print(".".join(labels), int.from_bytes(message[at + 1:at + 3], "big"), flush=True)
