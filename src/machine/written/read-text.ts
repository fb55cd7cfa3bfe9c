import { closeSync, openSync, readSync } from 'node:fs';
import { placeOf } from '../../contracts/input/text/json-syntax.ts';
import { UserError, wrongUse } from '../../user-error.ts';
import { FileFaultsError } from './file-faults.ts';

/** As much as the API takes of a comparison. */
const writtenMebibytes = 1;

/** What is read where this is the path. */
export const standardInput = 'standard input';

const partBytes = 256 * 1024;

/**
 * Reads a text file.
 * @param mostMebibytes how large it may be: by default, as what a person wrote
 * @throws UserError when it cannot be read; FileFaultsError when it is not text in UTF-8
 */
export function readText(path: string, mostMebibytes = writtenMebibytes): string {
  return decodeText(readBytes(path, mostMebibytes), path);
}

function readBytes(path: string, mostMebibytes: number): Uint8Array {
  const refused = (reason: string) => new UserError(`${path} cannot be read: ${reason}`, wrongUse);
  const parts: Uint8Array[] = [];
  let left = mostMebibytes * 1024 * 1024;
  try {
    const file = path === standardInput ? 0 : openSync(path, 'r');
    try {
      for (let read = -1; read !== 0 && left >= 0; left -= read) {
        const part = Buffer.alloc(partBytes);
        read = readPart(file, part);
        parts.push(part.subarray(0, read));
      }
    } finally {
      if (file !== 0) closeSync(file);
    }
  } catch (error) {
    throw refused(whyUnreadable(error));
  }
  if (left < 0) throw refused(`it is larger than ${mostMebibytes} MiB`);
  return Buffer.concat(parts);
}

/** Standard input may be such that the system does not wait for what has not come yet: it is asked again. */
function readPart(file: number, part: Buffer): number {
  for (;;) {
    try {
      return readSync(file, part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Why the system does not let a file be read, in the words of a person. */
export function whyUnreadable(error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
      return 'there is no such file';
    case 'EISDIR':
      return 'it is a folder';
    case 'ENOTDIR':
      return 'a part of its path is no folder';
    case 'EACCES':
      return 'you may not read it';
    default:
      return systemWords(error);
  }
}

/** What the system says of a file, without the name of its call, and the path once more. */
export function systemWords(error: unknown): string {
  return (error as Error).message.replace(/^E[A-Z]+: |, \w+( '.*')?$/gs, '');
}

/**
 * The text of a file in UTF-8, without its byte-order mark; `file` is what errors call it. Nothing of a file that is no
 * text is repeated.
 * @throws FileFaultsError
 */
export function decodeText(bytes: Uint8Array, file: string): string {
  const fault = (detail: string, place = { line: 1, column: 1 }) =>
    new FileFaultsError(file, [{ ...place, pointer: '', detail }]);
  if (isUtf16(bytes)) throw fault('the file is in UTF-16, not UTF-8; save it as UTF-8');
  const lenient = new TextDecoder('utf-8').decode(bytes);
  const control = /[^\t\n\r\P{Cc}\u0085]/u.exec(lenient);
  const valid = isUtf8(bytes);
  if (lenient.includes('\0') || (control && !valid)) {
    throw fault('the file is not text; give one in YAML or JSON');
  }
  if (!valid) {
    const first = lenient.indexOf('\uFFFD');
    throw fault('this character is not UTF-8; save the file as UTF-8', placeOf(lenient, first));
  }
  if (control) {
    const name = `U+${control[0].charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    throw fault(`the control character ${name} is not text; remove it`, placeOf(lenient, control.index));
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
