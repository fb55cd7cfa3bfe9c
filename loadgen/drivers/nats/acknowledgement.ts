import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';
import type { AttemptResult } from '../sender/attempts.ts';

const noResponders = 503;
const tooManyRequests = 429;
/** "duplicate message id is in process": the stream is about to take what an earlier attempt brought. */
const duplicateInProcess = 10_158;
const errorKey = Buffer.from('"error":');
const sequenceKey = Buffer.from('"seq":');

const refusalSchema = z.object({
  error: z.object({ code: z.number(), err_code: z.number().optional(), description: z.string().optional() }),
});

/** What a server's answer to a published message says of it. Shape: JetStream's API, `io.nats.jetstream.api.v1.pub_ack_response`. */
export function resultOfAnswer({ data, headers }: Pick<Msg, 'data' | 'headers'>): AttemptResult {
  // While the stream has no leader, nobody listens on its subjects.
  if (data.length === 0 && headers?.code === noResponders) {
    return { kind: 'refused', retriable: true, reason: 'no stream answers on the subject' };
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (!bytes.includes(errorKey) && bytes.includes(sequenceKey)) return { kind: 'acknowledged' };
  const answer = new TextDecoder().decode(data);
  const refusal = refusalSchema.safeParse(safeJson(answer));
  if (!refusal.success)
    return { kind: 'in-doubt', retriable: false, reason: `an answer makes no sense: ${answer}` };
  const { code, err_code, description } = refusal.data.error;
  const reason = `${description ?? 'refused'} (${err_code ?? code})`;
  // More than the stream takes in: it was dropped before it was looked at.
  if (code === tooManyRequests) return { kind: 'refused', retriable: true, reason };
  // The server's own troubles may have come after it had taken the message, and may pass.
  if (code >= 500 || err_code === duplicateInProcess) return { kind: 'in-doubt', retriable: true, reason };
  return { kind: 'refused', retriable: false, reason };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
