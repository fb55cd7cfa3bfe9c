import type { FileFault } from '../../contracts/input/text/written/file-fault.ts';
import { UserError, wrongUse } from '../../user-error.ts';

/** A file that holds not what it should; one line a fault: file:line:column, pointer, what is wrong. */
export class FileFaultsError extends UserError {
  override name = 'FileFaultsError';
  readonly faults: FileFault[];

  constructor(file: string, faults: FileFault[]) {
    const lines = faults.map(({ line, column, pointer, detail }) =>
      [`${file}:${line}:${column}:`, pointer, detail].filter(Boolean).join(' '),
    );
    super(lines.join('\n'), wrongUse);
    this.faults = faults;
  }
}
