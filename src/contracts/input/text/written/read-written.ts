import type { Document, ParsedNode } from 'yaml';
import type { FieldError } from '../../problem.ts';
import { parseJson, placeOf } from '../json-syntax.ts';
import type { FileFault } from './file-fault.ts';
import { duplicateKeyFaults, syntaxFaults } from './yaml-faults.ts';

/** What a file of a person's holds. */
export interface WrittenDocument {
  /** Null where the file is empty. */
  value: unknown;
  /** Faults of its fields with their places, in the order of the file; of a field that is missing, of what lacks it. */
  faultsOf(errors: readonly FieldError[]): FileFault[];
}

/**
 * Reads YAML, or JSON where the file's name ends in `.json`: what it holds, or what to mend and where.
 * @param library loaded by whoever reads, for it is large
 */
export function readWritten(
  given: string,
  file: string,
  library: typeof import('yaml'),
): WrittenDocument | { faults: FileFault[] } {
  const text = given.replace(/^\uFEFF/, '');
  // A file that says it is JSON must be: what YAML allows beyond it, other readers of the file would refuse.
  const json = file.toLowerCase().endsWith('.json') ? parseJson(text) : null;
  if (json && !json.ok) {
    const { line, column, message } = json.fault;
    return { faults: [{ line, column, pointer: '', detail: `not JSON: ${message}` }] };
  }
  // YAML 1.2 holds all of JSON, so that it says where what is in JSON, too.
  const document = library.parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const placeAt = (offset: number) => placeOf(text, offset);
  const yaml = { library, text, document, placeAt };
  const faults = json ? duplicateKeyFaults(yaml) : syntaxFaults(yaml);
  if (faults.length > 0) return { faults };
  const plain = json ?? plainValue(document);
  if (plain === null) {
    const detail = 'its aliases expand to far too much; write the values out';
    return { faults: [{ line: 1, column: 1, pointer: '', detail }] };
  }
  return {
    value: plain.value ?? null,
    faultsOf: (errors) =>
      errors
        .map((error) => ({ ...placeAt(offsetOf(document.contents, error, library)), ...error }))
        .sort((a, b) => a.line - b.line || a.column - b.column),
  };
}

function plainValue(document: Document.Parsed): { value: unknown } | null {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch {
    return null;
  }
}

/** Where a field begins; of a field that is missing, where the part of the document is that lacks it. */
function offsetOf(
  contents: ParsedNode | null,
  { pointer }: FieldError,
  { isMap, isScalar }: typeof import('yaml'),
): number {
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
