import type { AttemptResult, FailedAttempt } from '../../sender/attempts.ts';
import { resultOfErrorCode, unanswered } from '../protocol-errors.ts';

/** The fields by which @platformatic/kafka tells its errors apart. */
interface LibraryError extends Error {
  code?: string;
  /** Name of the broker's error. */
  apiId?: string;
  hasStaleMetadata?: boolean;
  canRetry?: boolean;
  errors?: LibraryError[];
  /** What a broker answered to the produce request, if it did. */
  response?: { responses?: { partitionResponses: { index: number; errorCode: number }[] }[] };
  /** What other brokers took of the same call. */
  produced?: { offsets?: { partition: number }[] };
}

/** Of a connection that never came about. */
const noConnection = /^Connection to \S+ (failed|timed out)\.$/;

/** What an error of @platformatic/kafka means for the batch of each partition. */
export function resultsOfError(error: unknown): (partition: number) => AttemptResult {
  const codes = new Map<number, number>();
  const failures: FailedAttempt[] = [];
  collect(error as LibraryError, codes, failures);
  const worst = failures.find(({ kind }) => kind === 'in-doubt') ?? failures[0];
  return (partition) => {
    const code = codes.get(partition);
    if (code !== undefined) return resultOfErrorCode(code);
    return worst ?? unanswered;
  };
}

/** Takes apart what may be several errors: of brokers that answered, by partition, and of those that did not. */
function collect(error: LibraryError, codes: Map<number, number>, failures: FailedAttempt[]): void {
  for (const { partition } of error.produced?.offsets ?? []) codes.set(partition, 0);
  const { responses } = error.response ?? {};
  if (responses) {
    for (const { partitionResponses } of responses)
      for (const { index, errorCode } of partitionResponses) codes.set(index, errorCode);
    return;
  }
  if (error.errors?.length) {
    for (const inner of error.errors) collect(inner, codes, failures);
    return;
  }
  // A broker's error that answers no produce request came before there was one.
  const neverSent = error.apiId || error.hasStaleMetadata || noConnection.test(error.message);
  failures.push({
    kind: neverSent ? 'not-sent' : 'in-doubt',
    retriable: error.canRetry === true,
    reason: error.apiId ?? error.code ?? error.name,
    detail: error.message,
  });
}
