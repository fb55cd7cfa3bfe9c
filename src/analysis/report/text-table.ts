/** A table of text, however it is drawn. */
export interface TextTable {
  title: string;
  head: string[];
  /** Which columns hold numbers, to be set flush right. */
  numeric: boolean[];
  rows: string[][];
}
