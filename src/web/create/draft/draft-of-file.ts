import { readWritten } from '../../../contracts/input/text/written/read-written.ts';
import type { Draft } from './draft.ts';
import { draftOf, UnfitError } from './draft-of.ts';

/** A file that cannot be opened into the form; the message says where in it, and what to mend. */
export class FileRefusal extends Error {
  override name = 'FileRefusal';
}

/**
 * A draft of what a file in YAML or JSON holds.
 * @param library what reads YAML, which is loaded with the first file
 * @throws FileRefusal
 */
export function draftOfFile(bytes: ArrayBuffer, file: string, library: typeof import('yaml')): Draft {
  const written = readWritten(textOf(bytes, file), file, library);
  if ('faults' in written) throw new FileRefusal(written.faults.map((one) => said(file, one)).join('\n'));
  try {
    return draftOf(written.value);
  } catch (error) {
    if (!(error instanceof UnfitError)) throw error;
    const { message, pointer } = error;
    const [place] = written.faultsOf([{ pointer, detail: message }]);
    throw new FileRefusal(place ? said(file, place) : `${file}: ${message}`);
  }
}

function textOf(bytes: ArrayBuffer, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new FileRefusal(`${file} is not text in UTF-8; save it in that encoding.`);
  }
}

function said(file: string, { line, detail }: { line: number; detail: string }): string {
  return `${file}, line ${line}: ${detail}`;
}
