import { readFile } from 'node:fs/promises';
import { type Document, isMap, isScalar, LineCounter, type ParsedNode, parseDocument } from 'yaml';
import { type ComparisonSpec, comparisonSchema } from '../contracts/input/comparison.ts';
import { type ExperimentSpec, experimentSchema } from '../contracts/input/experiment.ts';
import { type FieldError, parseInput } from '../contracts/input/problem.ts';
import { CliError } from './cli-error.ts';

/** A file's experiment or comparison: the document as written, and the spec with its defaults filled in. */
export type LoadedSpec =
  | { kind: 'experiment'; document: unknown; spec: ExperimentSpec }
  | { kind: 'comparison'; document: unknown; spec: ComparisonSpec };

/** A file that holds no valid experiment or comparison; one line a fault: file:line:column, pointer, what is wrong. */
export class SpecFileError extends CliError {
  override name = 'SpecFileError';
  readonly faults: SpecFault[];

  constructor(file: string, faults: SpecFault[]) {
    const lines = faults.map(({ line, column, pointer, detail }) =>
      [`${file}:${line}:${column}:`, pointer, detail].filter(Boolean).join(' '),
    );
    super(lines.join('\n'), 2);
    this.faults = faults;
  }
}

export interface SpecFault {
  /** Both count from 1. */
  line: number;
  column: number;
  /** JSON pointer of the field; empty for the document, or a fault of syntax. */
  pointer: string;
  detail: string;
}

/**
 * Reads an experiment or, where it has `variants`, a comparison from a YAML or JSON file, and checks all of it.
 * @throws SpecFileError with every fault and its place
 */
export async function loadSpecFile(path: string): Promise<LoadedSpec> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why =
      code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : String(error);
    throw new CliError(`${path} cannot be read: ${why}`, 2);
  }
  return parseSpec(text, path);
}

/** Likewise from text; `file` is what errors call it. */
export function parseSpec(text: string, file: string): LoadedSpec {
  if (file.toLowerCase().endsWith('.json')) checkJson(text, file);
  const lineCounter = new LineCounter();
  // YAML 1.2 holds all of JSON.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: true });
  const placeAt = (offset: number) => {
    const { line, col } = lineCounter.linePos(offset);
    return { line, column: Math.max(1, col) };
  };
  if (document.errors.length > 0) {
    throw new SpecFileError(
      file,
      document.errors.map(({ pos, message }) => ({ ...placeAt(pos[0]), pointer: '', detail: message })),
    );
  }
  const value = plainValue(document, file);
  if (value === null || value === undefined) {
    const detail = 'the file is empty; see examples/ for files to start from';
    throw new SpecFileError(file, [{ line: 1, column: 1, pointer: '', detail }]);
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
    detail: error.detail,
  }));
  throw new SpecFileError(
    file,
    faults.sort((a, b) => a.line - b.line || a.column - b.column),
  );
}

/** A file that says it is JSON must be: what YAML allows beyond it, other readers of the file would refuse. */
function checkJson(text: string, file: string): void {
  try {
    JSON.parse(text);
  } catch (error) {
    const { message } = error as SyntaxError;
    const [, detail = message, line = '1', column = '1'] =
      /^(.*?)(?: in JSON)? at position \d+ \(line (\d+) column (\d+)\)$/s.exec(message) ?? [];
    throw new SpecFileError(file, [
      { line: Number(line), column: Number(column), pointer: '', detail: `not JSON: ${detail}` },
    ]);
  }
}

function plainValue(document: Document.Parsed, file: string): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch {
    const detail = 'its aliases expand to far too much; write the values out';
    throw new SpecFileError(file, [{ line: 1, column: 1, pointer: '', detail }]);
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
