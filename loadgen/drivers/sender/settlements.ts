import type { Outcome } from '../../measure/ledger.ts';
import type { OutgoingMessage } from '../../measure/message-pool.ts';
import type { ProducerContext } from '../driver.ts';

/** Not more than these are settled together, for all of them get one time. */
const mostTogether = 256;

/** Hands over what was settled one by one together, once the code that is running has ended. */
export class Settlements {
  private readonly settle: ProducerContext['settle'];
  private readonly messages: OutgoingMessage[] = [];
  private outcome: Outcome = 'acknowledged';
  private reason: string | undefined;
  private scheduled = false;

  constructor(settle: ProducerContext['settle']) {
    this.settle = settle;
  }

  add(message: OutgoingMessage, outcome: Outcome, reason?: string): void {
    if (outcome !== this.outcome || reason !== this.reason || this.messages.length === mostTogether) {
      this.flush();
      this.outcome = outcome;
      this.reason = reason;
    }
    this.messages.push(message);
    if (this.scheduled) return;
    this.scheduled = true;
    queueMicrotask(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  flush(): void {
    if (this.messages.length === 0) return;
    this.settle(this.messages, this.outcome, this.reason);
    this.messages.length = 0;
  }
}
