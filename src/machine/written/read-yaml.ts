import { readWritten, type WrittenDocument } from '../../contracts/input/text/written/read-written.ts';
import { FileFaultsError } from './file-faults.ts';
import { yamlLibrary } from './yaml-library.ts';

/**
 * Reads YAML, or JSON where the file's name ends in `.json`; `file` is what errors call it.
 * @throws FileFaultsError where it is neither, with what to mend and where
 */
export function readYaml(text: string, file: string): WrittenDocument {
  const read = readWritten(text, file, yamlLibrary());
  if ('faults' in read) throw new FileFaultsError(file, read.faults);
  return read;
}
