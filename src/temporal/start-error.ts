import { UserError, wrongUse } from '../user-error.ts';

/** Something about a worker's surroundings that only a person can mend. */
export class StartError extends UserError {
  override name = 'StartError';

  constructor(message: string) {
    super(message, wrongUse);
  }
}
