import { open } from 'node:fs/promises';
import { CliError } from '../cli-error.ts';
import { placesIn, SpecFileError } from './faults.ts';

/** Far more than any experiment needs; the API takes 64 KiB of JSON. */
const maxBytes = 1024 * 1024;

/**
 * Reads a text file that a person wrote.
 * @throws CliError when it cannot be read; SpecFileError when it is not text in UTF-8
 */
export async function readText(path: string): Promise<string> {
  return decodeText(await readBytes(path), path);
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const chunks: Buffer[] = [];
      let length = 0;
      for await (const chunk of file.createReadStream({ autoClose: false, end: maxBytes })) {
        chunks.push(chunk);
        length += chunk.length;
      }
      if (length > maxBytes) throw new CliError(`${path} cannot be read: it is larger than 1 MiB`, 2);
      return Buffer.concat(chunks);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CliError) throw error;
    throw new CliError(`${path} cannot be read: ${why(error as NodeJS.ErrnoException)}`, 2);
  }
}

function why({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'EACCES':
      return 'you may not read it';
    default:
      return message;
  }
}

/**
 * The text of a file in UTF-8, without its byte-order mark; `file` is what errors call it. Nothing of a file that is no
 * text is repeated.
 * @throws SpecFileError
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const fault = (detail: string, place = { line: 1, column: 1 }) =>
    new SpecFileError(file, [{ ...place, pointer: '', detail }]);
  if (isUtf16(bytes)) throw fault('the file is in UTF-16, not UTF-8; save it as UTF-8');
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const control = /[^\t\n\r\P{Cc}\u0085]/u.exec(lenient);
  const valid = isUtf8(bytes);
  if (lenient.includes('\0') || (control && !valid)) {
    throw fault('the file is not text; an experiment is written in YAML or JSON, see examples/');
  }
  if (!valid) {
    const first = lenient.indexOf('\uFFFD');
    throw fault('this character is not UTF-8; save the file as UTF-8', placesIn(lenient)(first));
  }
  if (control) {
    const name = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    throw fault(`the control character ${name} is not text; remove it`, placesIn(lenient)(control.index));
  }
  return lenient;
}

/** By its byte-order mark or, without one, by every second byte of what must be ASCII at the beginning. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first = 1, second = 1, third = 1, fourth = 1] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return true;
  const zeros = [first, second, third, fourth].map((byte) => (byte === 0 ? '0' : '-')).join('');
  return bytes.length % 2 === 0 && (zeros === '0-0-' || zeros === '-0-0');
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
