/** Takes out of a program what only debuggers read: Node's symbols are an eighth of it. */

/** The first bytes of an ELF file of 64 bits, lowest byte first. */
const MAGIC = [0x7f, 0x45, 0x4c, 0x46, 2, 1];

/** Where the header of an ELF file says something, from its beginning. */
const AT = { segments: 0x20, sections: 0x28, segmentSize: 0x36, segmentCount: 0x38, sectionCount: 0x3c, names: 0x3e };

/** In the entry of a segment: where it begins in the file, and how long it is there. */
const IN_SEGMENT = { offset: 0x08, size: 0x20 };

/**
 * The program without what follows its last segment: the tables of symbols and of sections, which nothing loads. What is
 * loaded stays byte for byte, so a program behaves as before.
 * @throws when it is no ELF file of 64 bits with the lowest byte first
 */
export function stripElf(program: Buffer): Buffer {
  if (!MAGIC.every((byte, index) => program[index] === byte))
    throw new Error("This is no program for Linux of 64 bits.");
  const first = Number(program.readBigUInt64LE(AT.segments));
  const size = program.readUInt16LE(AT.segmentSize);
  const count = program.readUInt16LE(AT.segmentCount);
  let end = first + size * count;
  for (let index = 0; index < count; index += 1) {
    const entry = first + size * index;
    const offset = Number(program.readBigUInt64LE(entry + IN_SEGMENT.offset));
    end = Math.max(end, offset + Number(program.readBigUInt64LE(entry + IN_SEGMENT.size)));
  }
  const stripped = Buffer.from(program.subarray(0, end));
  stripped.writeBigUInt64LE(0n, AT.sections);
  stripped.writeUInt16LE(0, AT.sectionCount);
  stripped.writeUInt16LE(0, AT.names);
  return stripped;
}
