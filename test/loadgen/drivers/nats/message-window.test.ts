import { describe, expect, test } from '@jest/globals';
import { MessageWindow } from '../../../../loadgen/drivers/nats/message-window.ts';
import { numberAt, type Slot, slotOf } from '../../../../loadgen/drivers/nats/slot.ts';
import type { FailedAttempt } from '../../../../loadgen/drivers/sender/attempts.ts';
import type { OutgoingMessage } from '../../../../loadgen/measure/message-pool.ts';

const inbox = '_INBOX.x';
const refusal: FailedAttempt = { kind: 'refused', retriable: true, reason: 'full' };

const message = (sequence: number, sentMicros = 0) => ({ sequence, sentMicros }) as OutgoingMessage;

function windowOf(size: number, messages = 0): MessageWindow {
  const window = new MessageWindow(size, inbox, () => 0.5);
  for (let sequence = 0; sequence < messages; sequence++) window.add(message(sequence));
  return window;
}

/** Takes a message out as a sender and its driver do. */
function publish(window: MessageWindow, nowMs = 0): Slot | undefined {
  const [slot] = window.next(nowMs) ?? [];
  slot?.attempts.begin(nowMs);
  slot?.attempted();
  return slot;
}

function end(window: MessageWindow, slot: Slot, failure: FailedAttempt | null, nowMs = 0): void {
  if (failure) slot.attempts.fail(failure, nowMs);
  const again = failure ? slot.alone : [];
  window.ended({ batch: slot.alone, again, nowMs, tookMs: 0, unanswered: 0 });
}

/** Which attempt of its message an answer to this reply is of. */
function attemptOf(slot: Slot, reply: string | undefined): 'latest' | 'earlier' | null {
  return slot.answered(slotOf(numberAt(reply ?? '', inbox.length + 1)).generation);
}

describe('the window of messages that go singly', () => {
  test('lets out as many as it holds, oldest first, and another for each that is settled', () => {
    const window = windowOf(2, 4);
    const [first, second] = [publish(window), publish(window)];
    expect([first?.message.sequence, second?.message.sequence, publish(window)]).toEqual([0, 1, undefined]);
    expect(window.hasRoom).toBe(false);
    end(window, second as Slot, null);
    expect(publish(window)?.message.sequence).toBe(2);
  });

  test('keeps the place of what rests, which goes before what was never sent', () => {
    const window = windowOf(2, 3);
    const first = publish(window) as Slot;
    end(window, first, refusal);
    expect([publish(window)?.message.sequence, publish(window)]).toEqual([1, undefined]);
    expect(window.wakeAtMs).toBe(100);
    expect(publish(window, 99)).toBeUndefined();
    expect(publish(window, 100)).toBe(first);
    expect(window.wakeAtMs).toBeNull();
  });

  test('lets out nothing while there is no connection', () => {
    const window = windowOf(2, 1);
    window.paused = true;
    expect(publish(window)).toBeUndefined();
    window.paused = false;
    expect(publish(window)?.message.sequence).toBe(0);
  });

  test('hands back what is wanted: what rests, what is due, and the oldest that was never sent', () => {
    const window = windowOf(3, 3);
    const [resting, due, underWay] = [publish(window), publish(window), publish(window)] as Slot[];
    end(window, due as Slot, refusal, 0);
    end(window, resting as Slot, refusal, 50);
    window.next(100);
    end(window, due as Slot, refusal, 100);
    for (const [sequence, sentMicros] of [
      [3, 1_000],
      [4, 2_000],
      [5, 900_000_000],
    ] as const)
      window.add(message(sequence, sentMicros));
    const handedBack: number[] = [];
    window.giveUp(
      ({ attempts }) => attempts.isOverdue(25_100),
      ({ message }) => handedBack.push(message.sequence),
    );
    expect(handedBack.sort()).toEqual([0, 1, 3, 4]);
    expect(underWay?.message.sequence).toBe(2);
    expect(publish(window)?.message.sequence).toBe(5);
  });

  test('takes tens of thousands and gives them out in order', () => {
    const window = windowOf(1);
    let expected = 0;
    for (let sequence = 0; sequence < 50_000; sequence++) {
      window.add(message(sequence));
      if (sequence % 3 !== 0) continue;
      const slot = publish(window) as Slot;
      expect(slot.message.sequence).toBe(expected++);
      end(window, slot, null);
    }
    expect(window.slots).toHaveLength(1);
  });
});

describe('an answer', () => {
  test('is of the message that its reply was made for, and no other makes a new one', () => {
    const window = windowOf(1, 2);
    const slot = publish(window) as Slot;
    const { reply } = slot.options;
    expect(reply).toBe(`${inbox}.0`);
    expect(attemptOf(slot, reply)).toBe('latest');
    end(window, slot, null);
    expect(publish(window)?.options.reply).toBe(reply);
  });

  test('to an earlier attempt is known as that', () => {
    const window = windowOf(1, 1);
    const slot = publish(window) as Slot;
    const first = slot.options.reply;
    end(window, slot, refusal);
    publish(window, 100);
    expect(slot.options.reply).not.toBe(first);
    expect([attemptOf(slot, first), attemptOf(slot, slot.options.reply)]).toEqual(['earlier', 'latest']);
  });

  test('that comes once its message was given up on says nothing of the next one', () => {
    const window = windowOf(1, 2);
    const slot = publish(window) as Slot;
    const late = slot.options.reply;
    end(window, slot, null);
    expect(publish(window)?.message.sequence).toBe(1);
    expect(attemptOf(slot, late)).toBeNull();
    expect(attemptOf(slot, slot.options.reply)).toBe('latest');
  });

  test('after the end of everything is of nothing', () => {
    const window = windowOf(1, 1);
    const slot = publish(window) as Slot;
    end(window, slot, null);
    expect(attemptOf(slot, slot.options.reply)).toBeNull();
  });

  test.each([0, 7, 99_999])('names its slot, %i, and the generation', (index) => {
    const number = index + 3 * 2 ** 20;
    expect(slotOf(numberAt(`${inbox}.${number}`, inbox.length + 1))).toEqual({ index, generation: 3 });
  });
});
