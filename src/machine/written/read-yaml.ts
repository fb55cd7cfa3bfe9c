import type { Document, ParsedNode } from 'yaml';
import type { FieldError } from '../../contracts/input/problem.ts';
import { placeOf } from '../../contracts/input/text/json-syntax.ts';
import { type FileFault, FileFaultsError } from './file-faults.ts';
import { readJson } from './read-json.ts';
import { duplicateKeyFaults, syntaxFaults } from './yaml-faults.ts';
import { yamlLibrary } from './yaml-library.ts';

/** What a file of a person's holds. */
export interface WrittenDocument {
  /** Null where the file is empty. */
  value: unknown;
  /** Faults of its fields with their places, in the order of the file; of a field that is missing, of what lacks it. */
  faultsOf(errors: readonly FieldError[]): FileFault[];
}

/**
 * Reads YAML, or JSON where the file's name ends in `.json`; `file` is what errors call it.
 * @throws FileFaultsError where it is neither, with what to mend and where
 */
export function readYaml(given: string, file: string): WrittenDocument {
  const text = given.replace(/^\uFEFF/, '');
  // A file that says it is JSON must be: what YAML allows beyond it, other readers of the file would refuse.
  const json = file.toLowerCase().endsWith('.json') ? { value: readJson(text, file) } : null;
  // YAML 1.2 holds all of JSON, so that it says where what is in JSON, too.
  const document = yamlLibrary().parseDocument(text, {
    prettyErrors: false,
    uniqueKeys: true,
    logLevel: 'error',
  });
  const placeAt = (offset: number) => placeOf(text, offset);
  const yaml = { text, document, placeAt };
  const syntax = json ? duplicateKeyFaults(yaml) : syntaxFaults(yaml);
  if (syntax.length > 0) throw new FileFaultsError(file, syntax);
  return {
    value: json ? json.value : (plainValue(document, file) ?? null),
    faultsOf: (errors) =>
      errors
        .map((error) => ({ ...placeAt(offsetOf(document.contents, error)), ...error }))
        .sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    const detail = 'its aliases expand to far too much; write the values out';
    throw new FileFaultsError(file, [{ line: 1, column: 1, pointer: '', detail }]);
  }
}

/** Where a field begins; of a field that is missing, where the part of the document is that lacks it. */
function offsetOf(contents: ParsedNode | null, { pointer }: FieldError): number {
  const { isMap, isScalar } = yamlLibrary();
  const path = pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  let node: unknown = contents;
  let offset = contents?.range[0] ?? 0;
  for (const part of path) {
    if (isMap(node)) {
      const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === part);
      if (!pair) break;
      offset = (pair.key as ParsedNode).range[0];
      node = pair.value;
    } else if (node && typeof node === 'object' && 'items' in node && Array.isArray(node.items)) {
      node = node.items[Number(part)];
      offset = (node as ParsedNode | undefined)?.range?.[0] ?? offset;
    } else break;
  }
  return offset;
}
