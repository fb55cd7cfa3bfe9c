import { type ComparisonSpec, comparisonSchema } from '../../contracts/input/comparison.ts';
import { type ExperimentSpec, experimentSchema } from '../../contracts/input/experiment.ts';
import { parseInput } from '../../contracts/input/problem.ts';
import type { WrittenDocument } from '../../contracts/input/text/written/read-written.ts';
import { FileFaultsError } from '../../machine/written/file-faults.ts';
import { readText, standardInput } from '../../machine/written/read-text.ts';
import { readYaml } from '../../machine/written/read-yaml.ts';

/** A file's experiment or comparison: the document as written, and the spec with its defaults filled in. */
export type LoadedSpec = Pick<WrittenDocument, 'faultsOf'> &
  (
    | { kind: 'experiment'; document: unknown; spec: ExperimentSpec }
    | { kind: 'comparison'; document: unknown; spec: ComparisonSpec }
  );

/**
 * Reads an experiment or, where it has `variants`, a comparison from a YAML or JSON file, or from standard input where
 * the path is `-`, and checks all of it.
 * @throws FileFaultsError with every fault and its place
 */
export function loadSpecFile(path: string): LoadedSpec {
  const source = path === '-' ? standardInput : path;
  return parseSpec(readText(source), source);
}

/**
 * An experiment or comparison in text; `file` is what errors call it, and JSON where it ends in `.json`.
 * @throws FileFaultsError with every fault and its place
 */
export function parseSpec(text: string, file: string): LoadedSpec {
  const { value, faultsOf } = readYaml(text, file);
  if (value === null) {
    const detail = 'the file is empty; see examples/ for files to start from';
    throw new FileFaultsError(file, [{ line: 1, column: 1, pointer: '', detail }]);
  }
  const isComparison = typeof value === 'object' && 'variants' in value;
  const parsed = isComparison ? parseInput(comparisonSchema, value) : parseInput(experimentSchema, value);
  if (parsed.ok) {
    return isComparison
      ? { kind: 'comparison', document: value, spec: parsed.value as ComparisonSpec, faultsOf }
      : { kind: 'experiment', document: value, spec: parsed.value as ExperimentSpec, faultsOf };
  }
  const hint = typeof value === 'string' ? spaceAfterColon(value) : '';
  throw new FileFaultsError(
    file,
    faultsOf(parsed.errors).map((fault) => ({ ...fault, detail: fault.detail + hint })),
  );
}

/** Without the space that YAML wants after a colon, a whole file is one text. */
function spaceAfterColon(text: string): string {
  const [, key] = /^(\w+):\S/.exec(text) ?? [];
  return key ? `; write a space after each colon, "${key}: …"` : '';
}
