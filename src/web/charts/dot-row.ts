export interface RunDot {
  /** Infinite where its messages never came; null where it was not measured. */
  value: number | null;
  /** Such a run is in no median. */
  isCutShort: boolean;
}

export interface DotRow {
  name: string;
  /** One a run. */
  dots: readonly RunDot[];
  median: number | null;
  /** The interval that holds the median; null where there are too few runs. */
  low: number | null;
  high: number | null;
  /** The variant's place in the report, which gives its colour. */
  index: number;
}
