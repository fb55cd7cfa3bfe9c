import { type Document, isMap, isScalar, type ParsedNode, parseDocument } from 'yaml';
import { type ComparisonSpec, comparisonSchema } from '../../contracts/input/comparison.ts';
import { type ExperimentSpec, experimentSchema } from '../../contracts/input/experiment.ts';
import { parseJson } from '../../contracts/input/json-syntax.ts';
import { type FieldError, parseInput } from '../../contracts/input/problem.ts';
import { placesIn, SpecFileError } from './faults.ts';
import { readText } from './read-text.ts';
import { duplicateKeyFaults, syntaxFaults } from './yaml-faults.ts';

/** A file's experiment or comparison: the document as written, and the spec with its defaults filled in. */
export type LoadedSpec =
  | { kind: 'experiment'; document: unknown; spec: ExperimentSpec }
  | { kind: 'comparison'; document: unknown; spec: ComparisonSpec };

/**
 * Reads an experiment or, where it has `variants`, a comparison from a YAML or JSON file, and checks all of it.
 * @throws SpecFileError with every fault and its place
 */
export async function loadSpecFile(path: string): Promise<LoadedSpec> {
  return parseSpec(await readText(path), path);
}

/**
 * An experiment or comparison in text; `file` is what errors call it, and JSON where it ends in `.json`.
 * @throws SpecFileError with every fault and its place
 */
export function parseSpec(given: string, file: string): LoadedSpec {
  const text = given.replace(/^\uFEFF/, '');
  const placeAt = placesIn(text);
  // YAML 1.2 holds all of JSON, so that it says where what is in JSON, too.
  const document = parseDocument(text, { prettyErrors: false, uniqueKeys: true, logLevel: 'error' });
  const fault = (detail: string) => new SpecFileError(file, [{ line: 1, column: 1, pointer: '', detail }]);
  const json = file.toLowerCase().endsWith('.json') ? jsonValue(text, file) : null;
  const yaml = { text, document, placeAt };
  const syntax = json ? duplicateKeyFaults(yaml) : syntaxFaults(yaml);
  if (syntax.length > 0) throw new SpecFileError(file, syntax);
  const value = json ? json.value : plainValue(document, fault);
  if (value === null || value === undefined) {
    throw fault('the file is empty; see examples/ for files to start from');
  }
  const isComparison = typeof value === 'object' && 'variants' in value;
  const parsed = isComparison ? parseInput(comparisonSchema, value) : parseInput(experimentSchema, value);
  if (parsed.ok) {
    return isComparison
      ? { kind: 'comparison', document: value, spec: parsed.value as ComparisonSpec }
      : { kind: 'experiment', document: value, spec: parsed.value as ExperimentSpec };
  }
  const faults = parsed.errors.map((error) => ({
    ...placeAt(offsetOf(document.contents, error)),
    pointer: error.pointer,
    detail: error.detail + (typeof value === 'string' ? spaceAfterColon(value) : ''),
  }));
  throw new SpecFileError(
    file,
    faults.sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** A file that says it is JSON must be: what YAML allows beyond it, other readers of the file would refuse. */
function jsonValue(text: string, file: string): { value: unknown } {
  const parsed = parseJson(text);
  if (parsed.ok) return parsed;
  const { line, column, message } = parsed.fault;
  throw new SpecFileError(file, [{ line, column, pointer: '', detail: `not JSON: ${message}` }]);
}

/** Without the space that YAML wants after a colon, a whole file is one text. */
function spaceAfterColon(text: string): string {
  const [, key] = /^(\w+):\S/.exec(text) ?? [];
  return key ? `; write a space after each colon, "${key}: …"` : '';
}

function plainValue(document: Document.Parsed, fault: (detail: string) => SpecFileError): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    throw fault('its aliases expand to far too much; write the values out');
  }
}

/** Where a field begins; of a field that is missing, where the part of the document is that lacks it. */
function offsetOf(contents: ParsedNode | null, { pointer }: FieldError): number {
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
