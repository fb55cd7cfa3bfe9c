import type { Msg } from '@nats-io/transport-node';
import { z } from 'zod';
import { type AttemptResult, acknowledged } from '../sender/attempts.ts';

const noResponders = 503;
const tooManyRequests = 429;
/** "duplicate message id is in process": the stream is about to take what an earlier attempt brought. */
const duplicateInProcess = 10_158;
const acknowledgementBegin = Buffer.from('{"stream":');
const sequenceKey = Buffer.from('"seq":');
const [zero, nine, closing] = Buffer.from('09}') as unknown as [number, number, number];
const errorKey = Buffer.from('"error":');

const refusalSchema = z.object({
  error: z.object({ code: z.number(), err_code: z.number().optional(), description: z.string().optional() }),
});

/** What a server's answer to a published message says of it. Shape: JetStream's API, `io.nats.jetstream.api.v1.pub_ack_response`. */
export function resultOfAnswer(answer: Pick<Msg, 'data' | 'headers'>): AttemptResult {
  const { data } = answer;
  if (isPlainAcknowledgement(data)) return acknowledged;
  const { headers } = answer;
  // While the stream has no leader, nobody listens on its subjects.
  if (data.length === 0 && headers?.code === noResponders) {
    return { kind: 'refused', retriable: true, reason: 'no stream answers on the subject' };
  }
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
  if (!bytes.includes(errorKey) && bytes.includes(sequenceKey)) return acknowledged;
  const text = new TextDecoder().decode(data);
  const refusal = refusalSchema.safeParse(safeJson(text));
  if (!refusal.success)
    return { kind: 'in-doubt', retriable: false, reason: 'an answer makes no sense', detail: text };
  const { code, err_code, description } = refusal.data.error;
  const reason = `${description ?? 'refused'} (${err_code ?? code})`;
  // More than the stream takes in: it was dropped before it was looked at.
  if (code === tooManyRequests) return { kind: 'refused', retriable: true, reason };
  // The server's own troubles may have come after it had taken the message, and may pass.
  if (code >= 500 || err_code === duplicateInProcess) return { kind: 'in-doubt', retriable: true, reason };
  return { kind: 'refused', retriable: false, reason };
}

/** Whether it is `{"stream":"…","seq":<number>}`, as nearly every answer is; found out without making an object. */
function isPlainAcknowledgement(data: Uint8Array): boolean {
  if (!holds(data, 0, acknowledgementBegin) || data.at(-1) !== closing) return false;
  let place = data.length - 2;
  while (isDigit(data[place])) place--;
  const begin = place + 1 - sequenceKey.length;
  return place < data.length - 2 && begin > 0 && holds(data, begin, sequenceKey);
}

function isDigit(byte = 0): boolean {
  return byte >= zero && byte <= nine;
}

function holds(data: Uint8Array, offset: number, bytes: Uint8Array): boolean {
  if (offset + bytes.length > data.length) return false;
  for (let index = 0; index < bytes.length; index++) if (data[offset + index] !== bytes[index]) return false;
  return true;
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
