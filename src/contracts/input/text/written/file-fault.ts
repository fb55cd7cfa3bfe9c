/** Something wrong in a file. */
export interface FileFault {
  /** Both count from 1. */
  line: number;
  column: number;
  /** JSON pointer of the field; empty for the document, or a fault of syntax. */
  pointer: string;
  detail: string;
}
