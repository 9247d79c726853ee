//! Small images, made where they are needed.

/// A PNG of so many pixels, black and white in broad stripes; its rows are not compressed.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let row = width.div_ceil(8) as usize;
    let mut rows = Vec::with_capacity((row + 1) * height as usize);
    for y in 0..height {
        rows.push(0);
        rows.extend((0..row).map(|x| if (x / 8 + y as usize / 64).is_multiple_of(2) { 0xFF } else { 0 }));
    }
    // zlib with stored blocks (RFC 1950, RFC 1951, §3.2.4).
    let mut zlib = vec![0x78, 0x01];
    let n_blocks = rows.chunks(0xFFFF).count();
    for (idx, block) in rows.chunks(0xFFFF).enumerate() {
        let length = block.len() as u16;
        zlib.push(u8::from(idx + 1 == n_blocks));
        zlib.extend(length.to_le_bytes());
        zlib.extend((!length).to_le_bytes());
        zlib.extend(block);
    }
    zlib.extend(adler32(&rows).to_be_bytes());
    let size = [width.to_be_bytes(), height.to_be_bytes()].concat();
    let head = [&size, &[1, 0, 0, 0, 0][..]].concat();
    [&b"\x89PNG\r\n\x1a\n"[..], &chunk(b"IHDR", &head), &chunk(b"IDAT", &zlib), &chunk(b"IEND", b"")].concat()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [&name[..], data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &body, &crc32(&body).to_be_bytes()].concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, byte: &u8| {
        let shift = |crc: u32, _| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
        (0..8).fold(crc ^ u32::from(*byte), shift)
    };
    !bytes.iter().fold(u32::MAX, step)
}

fn adler32(bytes: &[u8]) -> u32 {
    let step = |(a, b): (u32, u32), byte: &u8| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    };
    let (a, b) = bytes.iter().fold((1, 0), step);
    b << 16 | a
}
