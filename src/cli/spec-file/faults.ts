import { LineCounter } from 'yaml';
import { CliError } from '../cli-error.ts';

/** Something wrong in a file. */
export interface SpecFault {
  /** Both count from 1. */
  line: number;
  column: number;
  /** JSON pointer of the field; empty for the document, or a fault of syntax. */
  pointer: string;
  detail: string;
}

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

/** Where an offset of the text is, as people count: both from 1. */
export type PlaceAt = (offset: number) => { line: number; column: number };

/** Finds places in a text. */
export function placesIn(text: string): PlaceAt {
  const counter = new LineCounter();
  counter.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) counter.addNewLine(at + 1);
  return (offset) => {
    const { line, col } = counter.linePos(offset);
    return { line, column: Math.max(1, col) };
  };
}
