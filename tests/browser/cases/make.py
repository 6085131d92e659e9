"""Makes the files beside it: small sets of pictures as people have them, which no browser can make by itself.

    python3 make.py

Standard library only; the same bytes each time."""

import io
import struct
import tarfile
import zipfile
import zlib

WHEN = (2020, 1, 1, 0, 0, 0)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(side, depth, colour, rows, before=b""):
    head = struct.pack(">IIBBBBB", side, side, depth, colour, 0, 0, 0)
    data = zlib.compress(b"".join(b"\0" + row for row in rows), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + before + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def picture(label, i, side=8):
    """Red for the first class, blue for the second; no two alike."""
    colour = [(220, 40, 30), (30, 60, 220)][label]
    pixel = lambda x, y: bytes(min(255, c + (x * (i + 1) + y) % 30) for c in colour)
    return png(side, 8, 2, [b"".join(pixel(x, y) for x in range(side)) for y in range(side)])


def class_files(names, n=5):
    return [(f"{name}/{i}.png", picture(label, i)) for label, name in enumerate(names) for i in range(n)]


def encoded(text, encoding, flags, extra=b""):
    """An entry of a zip whose name is these bytes."""

    class Entry(zipfile.ZipInfo):
        def _encodeFilenameFlags(self):
            return text.encode(encoding), self.flag_bits | flags

    entry = Entry(text, WHEN)
    entry.extra = extra
    return entry


def make_zip(files, encoding="utf-8", flags=0x800, method=zipfile.ZIP_DEFLATED, extra=lambda name: b""):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files:
            archive.writestr(encoded(name, encoding, flags, extra(name)), data, method)
    return out.getvalue()


def patched(archive, local, central, value):
    """Sets two bytes in all heads of entries: such flags and methods are told by them alone."""
    data = bytearray(archive)
    for signature, offset in ((b"PK\3\4", local), (b"PK\1\2", central)):
        at = data.find(signature)
        while at >= 0:
            data[at + offset : at + offset + 2] = struct.pack("<H", value)
            at = data.find(signature, at + 4)
    return bytes(data)


def make_tar(files, form, packed):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in files:
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    if not packed:
        return out.getvalue()
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return packer.compress(out.getvalue()) + packer.flush()


def unicode_path(name):
    """Info-ZIP's extra field with the name in UTF-8."""
    value = b"\1" + struct.pack("<I", zlib.crc32(name.encode("ascii", "replace"))) + name.encode()
    return struct.pack("<HH", 0x7075, len(value)) + value


def jpeg(blocks, across, components, segments=b""):
    """Blocks of 8×8 pixels of one colour each; `components` values a block."""
    counts = [0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0]
    codes, code, symbol = {}, 0, 0
    for length, count in enumerate(counts, 1):
        for _ in range(count):
            codes[symbol] = format(code, f"0{length}b")
            code, symbol = code + 1, symbol + 1
        code <<= 1
    segment = lambda marker, data: bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data
    down = len(blocks) // across
    parts = b"".join(bytes([i + 1, 0x11, 0]) for i in range(components))
    scan = b"".join(bytes([i + 1, 0]) for i in range(components))
    head = segment(0xDB, b"\0" + bytes([8] * 64)) + segment(
        0xC0, struct.pack(">BHHB", 8, 8 * down, 8 * across, components) + parts
    )
    tables = segment(0xC4, b"\0" + bytes(counts) + bytes(range(12))) + segment(
        0xC4, b"\x10" + bytes([1] + [0] * 15) + b"\0"
    )
    bits, last = "", [0] * components
    for block in blocks:
        for i, value in enumerate(block):
            step = value - 128 - last[i]
            last[i] = value - 128
            size = abs(step).bit_length()
            bits += (
                codes[size] + (format(step if step > 0 else step + (1 << size) - 1, f"0{size}b") if size else "") + "0"
            )
    bits += "1" * (-len(bits) % 8)
    data = bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8)).replace(b"\xff", b"\xff\0")
    return (
        b"\xff\xd8"
        + segments
        + head
        + tables
        + segment(0xDA, bytes([components]) + scan + b"\0\x3f\0")
        + data
        + b"\xff\xd9"
    )


def exif(orientation):
    tiff = b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", 0x112, 3, 1, orientation, 0) + b"\0\0\0\0"
    return b"\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff


ADOBE = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\0"


def bmp(side, colour):
    data = bytes(reversed(colour)) * side * side
    return (
        b"BM"
        + struct.pack("<IHHI", 54 + len(data), 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, side, side, 1, 24, 0, len(data), 0, 0, 0, 0)
        + data
    )


def gif(side, colour):
    """One colour: in LZW of 9 bits a code, cleared before the table grows."""
    pixels, codes = side * side, []
    for i in range(pixels):
        if i % 100 == 0:
            codes.append(4)
        codes.append(0)
    codes.append(5)
    bits, size, seen = "", 3, 0
    for code in codes:
        bits = format(code, f"0{size}b") + bits
        if code == 4:
            size, seen = 3, 0
        else:
            seen += 1
            if 6 + seen - 1 >= (1 << size) and size < 12:
                size += 1
    bits = bits.rjust(len(bits) + (-len(bits) % 8), "0")
    data = bytes(int(bits[i : i + 8], 2) for i in range(len(bits) - 8, -1, -8))
    blocks = b"".join(bytes([len(data[i : i + 255])]) + data[i : i + 255] for i in range(0, len(data), 255))
    table = bytes(colour) + bytes(9)
    return (
        b"GIF89a"
        + struct.pack("<HHBBB", side, side, 0x81, 0, 0)
        + table
        + b","
        + struct.pack("<HHHHBB", 0, 0, side, side, 0, 2)
        + blocks
        + b"\0;"
    )


def icon(radius, rgb):
    """A disc in one colour, all else transparent."""
    inside = lambda x, y: (x - 7.5) ** 2 + (y - 7.5) ** 2 < radius**2
    return png(
        16, 8, 6, [b"".join(bytes(rgb) + (b"\xff" if inside(x, y) else b"\0") for x in range(16)) for y in range(16)]
    )


def square(size, rgb):
    inside = lambda x, y: abs(x - 7.5) < size and abs(y - 7.5) < size
    return png(
        16, 8, 6, [b"".join(bytes(rgb) + (b"\xff" if inside(x, y) else b"\0") for x in range(16)) for y in range(16)]
    )


RED, BLUE = (200, 0, 0), (0, 0, 200)
plain = make_zip(class_files(["cat", "dog"]))
photo = lambda label, i: jpeg([[255 - 9 * i, 9 * i, 40] if label else [40, 128 + i, 200]] * 16, 4, 3)
flat = (
    lambda rgb, depth: [
        b"".join(struct.pack(">" + ("H" if depth == 16 else "B"), c * (257 if depth == 16 else 1)) for c in rgb) * 8
    ]
    * 8
)
legacy = {
    "shift-jis": ("shift_jis", ["動物/ネコ表", "動物/イヌ"]),
    "gbk": ("gbk", ["动物/猫", "动物/狗"]),
    "big5": ("big5", ["動物/貓", "動物/狗"]),
    "euc-kr": ("euc_kr", ["고양이", "강아지"]),
    "cp866": ("cp866", ["Новая папка/кот", "Новая папка/пёс"]),
    "windows-1251": ("cp1251", ["Кошка", "Собака"]),
    "cp850": ("cp850", ["größe", "café"]),
    "windows-1252": ("cp1252", ["größe", "café"]),
    "utf-8-unmarked": ("utf-8", ["größe", "犬"]),
}
FILES = {
    f"names-{name}.zip": make_zip(class_files(names), encoding, 0) for name, (encoding, names) in legacy.items()
} | {
    "backslash.zip": make_zip([(n.replace("/", "\\"), d) for n, d in class_files(["pets/cat", "pets/dog"])]),
    "dot-slash.zip": make_zip([("./", b""), ("./cat/", b"")] + [("./" + n, d) for n, d in class_files(["cat", "dog"])]),
    "elsewhere.zip": make_zip(
        [("../../" + n, d) for n, d in class_files(["cat"])]
        + [("C:\\x\\..\\" + n, d) for n, d in class_files(["", "dog"])[5:]]
    ),
    "locked.zip": patched(plain, 6, 8, 1),
    "deflate64.zip": patched(plain, 8, 10, 9),
    "lzma.zip": make_zip(class_files(["cat", "dog"]), method=zipfile.ZIP_LZMA),
    "cut.zip": plain[: len(plain) * 2 // 3],
    "long.tar.gz": make_tar(class_files(["x" * 120 + "/cat", "x" * 120 + "/dög"]), tarfile.PAX_FORMAT, True),
    "gnu.tar": make_tar(class_files(["./" + "x" * 120 + "/cat", "./" + "x" * 120 + "/dog"]), tarfile.GNU_FORMAT, False),
    "photo-names.zip": make_zip(
        [
            (f"pets/{name}/{i}{['.jfif', '.JPG', '.jpe', '.png', ''][i]}", photo(label, i))
            for label, name in enumerate(["cat", "dog"])
            for i in range(5)
        ]
    ),
    "icons-white.zip": make_zip(
        [(f"disc/{i}.png", icon(3 + i / 2, (255, 255, 255))) for i in range(5)]
        + [(f"square/{i}.png", square(2 + i, (255, 255, 255))) for i in range(5)]
    ),
    "icons-mixed.zip": make_zip(
        [(f"disc/{i}.png", icon(3 + i / 2, (255, 255, 255))) for i in range(5)]
        + [(f"square/{i}.png", square(2 + i, (0, 0, 0))) for i in range(5)]
    ),
    "grey-16.png": png(8, 16, 0, [struct.pack(">H", 200 * 257) * 8] * 8),
    "rgb-16.png": png(8, 16, 2, flat(RED, 16)),
    "palette.png": png(8, 8, 3, [b"\1" * 8] * 8, chunk(b"PLTE", bytes(3) + bytes(RED))),
    "cmyk.jpg": jpeg([[200, 0, 0, 255]] * 4, 2, 4, ADOBE),
    "turned.jpg": jpeg([[255], [0]] * 2, 2, 1, exif(6)),
    "red.bmp": bmp(8, RED),
    "red.gif": gif(8, RED),
    "huge.png": b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 20000, 20000, 1, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(bytes(20000), 9))
    + chunk(b"IEND", b""),
    "photo.jpg": photo(0, 3),
}
# The name stands twice; what is not ASCII is a question mark in the first.
entries = io.BytesIO()
with zipfile.ZipFile(entries, "w") as archive:
    for name, data in class_files(["犬", "猫"]):
        meant = unicode_path(name)
        entry = encoded(
            name.encode("ascii", "replace").decode().replace("?/", f"?{'犬猫'.index(name[0])}/"), "ascii", 0
        )
        crc = struct.pack("<I", zlib.crc32(entry.filename.encode()))
        entry.extra = meant[:5] + crc + meant[9:]
        archive.writestr(entry, data)
FILES["names-extra-field.zip"] = entries.getvalue()

for name, data in FILES.items():
    with open(name, "wb") as file:
        file.write(data)
