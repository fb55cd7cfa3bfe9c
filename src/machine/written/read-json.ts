import { parseJson } from '../../contracts/input/text/json-syntax.ts';
import { FileFaultsError } from './file-faults.ts';

/**
 * What a text in JSON holds; `file` is what errors call it.
 * @throws FileFaultsError where it is not JSON, with the place
 */
export function readJson(text: string, file: string): unknown {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed.value;
  const { line, column, message } = parsed.fault;
  throw new FileFaultsError(file, [{ line, column, pointer: '', detail: `not JSON: ${message}` }]);
}
