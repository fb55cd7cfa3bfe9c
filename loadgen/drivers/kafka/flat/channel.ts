import type { Socket } from 'node:net';
import { type Broker, Connection, type ConnectionOptions } from '@platformatic/kafka';
import { stringBytes } from './encoding/protocol.ts';

/** A broker that does not answer for this long is given up on; longer than any request may wait there. */
const answerTimeoutMs = 35_000;

/** Where our correlation ids begin; the library's own count from 1. */
const firstCorrelationId = 0x4000_0000;

/** A request that failed, and whether it is certain that it never left the client. */
export class RequestError extends Error {
  readonly neverSent: boolean;

  constructor(cause: unknown, neverSent: boolean) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.neverSent = neverSent;
  }
}

export interface Request {
  api: { key: number; version: number };
  /** What follows the header, in pieces that must rest until the answer has come. */
  body: readonly Buffer[];
  /** False for Produce with acks 0: it is done once the operating system has taken it. */
  answered: boolean;
}

interface Waiting {
  correlationId: number;
  timer: NodeJS.Timeout;
  onAnswer(answer: Buffer): void;
  onError(error: unknown): void;
}

interface Held {
  write(): void;
  refuse(error: unknown): void;
}

/**
 * A connection to one broker for what must be fast. @platformatic/kafka connects, with TLS and SASL; then requests are
 * written from the buffers they lie in, and answers gathered in memory that is used again, for the library's own way
 * copies the one and allocates the other. The answers to its own requests, to authenticate anew, are handed to it.
 */
export class Channel {
  private readonly connection: Connection;
  private readonly socket: Socket;
  private readonly clientId: Buffer;
  private readonly libraryListeners: ((data: Buffer) => void)[];
  private readonly frames = new FrameReader((frame) => this.onFrame(frame));
  private readonly waiting: Waiting[] = [];
  /** What was to be sent while the library authenticates anew: the broker breaks a connection on which anything comes between. */
  private readonly held: Held[] = [];
  private correlationId = firstCorrelationId;

  /** @throws RequestError when the broker cannot be reached */
  static async open(clientId: string, options: ConnectionOptions, broker: Broker): Promise<Channel> {
    const connection = new Connection(clientId, options);
    connection.on('error', () => {});
    try {
      await connection.connect(broker.host, broker.port);
    } catch (error) {
      throw new RequestError(error, true);
    }
    return new Channel(connection, clientId);
  }

  private constructor(connection: Connection, clientId: string) {
    this.connection = connection;
    this.socket = connection.socket;
    this.clientId = stringBytes(clientId);
    this.libraryListeners = this.socket.listeners('data') as typeof this.libraryListeners;
    this.socket.removeAllListeners('data');
    this.socket.on('data', (chunk: Buffer) => this.frames.push(chunk));
    this.socket.on('close', () => this.onClose());
    connection.on('sasl:authentication:extended', () => this.release());
  }

  get open(): boolean {
    return !this.socket.destroyed && this.socket.writable;
  }

  /**
   * Sends a request; it is written before this returns, unless the connection is being authenticated anew.
   * @param parse reads the answer, behind the correlation id, at once: its memory is used for the next one
   * @returns what `parse` does, or null for a request without an answer
   * @throws RequestError when the connection breaks or the broker does not answer
   */
  send<Answer>(request: Request, parse: (answer: Buffer) => Answer): Promise<Answer | null> {
    return new Promise((resolve, reject) => {
      const refuse = (error: unknown) => reject(new RequestError(error, true));
      const write = () => this.write(request, parse, resolve, reject);
      if (this.connection.status === 'reauthenticating') this.held.push({ write, refuse });
      else write();
    });
  }

  close(): void {
    // It says goodbye to nobody, but clears the library's timers.
    this.connection.close().catch(() => {});
    this.socket.destroy();
  }

  private write<Answer>(
    request: Request,
    parse: (answer: Buffer) => Answer,
    resolve: (answer: Answer | null) => void,
    reject: (error: RequestError) => void,
  ): void {
    const onError = (error: unknown) => reject(new RequestError(error, false));
    if (!this.open) {
      onError(new Error('the connection is closed'));
      return;
    }
    this.correlationId = (this.correlationId + 1) | firstCorrelationId;
    const { correlationId } = this;
    const head = this.head(request, correlationId);
    if (request.answered) {
      const timer = setTimeout(() => this.socket.destroy(new Error('no answer')), answerTimeoutMs);
      const onAnswer = (answer: Buffer) => resolve(parse(answer));
      this.waiting.push({ correlationId, timer, onAnswer, onError });
    }
    this.socket.cork();
    this.socket.write(head);
    const last = request.body.length - 1;
    for (const [index, piece] of request.body.entries()) {
      if (index < last || request.answered) this.socket.write(piece);
      else this.socket.write(piece, (error) => (error ? onError(error) : resolve(null)));
    }
    this.socket.uncork();
  }

  private release(): void {
    for (const { write } of this.held.splice(0)) write();
  }

  private head({ api, body }: Request, correlationId: number): Buffer {
    const head = Buffer.alloc(12 + this.clientId.length);
    const bodyBytes = body.reduce((sum, piece) => sum + piece.length, 0);
    head.writeInt32BE(head.length - 4 + bodyBytes, 0);
    head.writeInt16BE(api.key, 4);
    head.writeInt16BE(api.version, 6);
    head.writeInt32BE(correlationId, 8);
    this.clientId.copy(head, 12);
    return head;
  }

  private onFrame(frame: Buffer): void {
    const [first] = this.waiting;
    // Brokers answer in the order of the requests.
    if (first && frame.readInt32BE(4) === first.correlationId) {
      this.waiting.shift();
      clearTimeout(first.timer);
      try {
        first.onAnswer(frame.subarray(8));
      } catch (error) {
        first.onError(error);
      }
      return;
    }
    for (const listener of this.libraryListeners) listener(Buffer.from(frame));
  }

  private onClose(): void {
    for (const { timer, onError } of this.waiting.splice(0)) {
      clearTimeout(timer);
      onError(new Error('the connection was closed'));
    }
    for (const { refuse } of this.held.splice(0)) refuse(new Error('the connection was closed'));
  }
}

/** Bytes of a frame's length. */
const lengthBytes = 4;

/**
 * Cuts a stream into frames that begin with their length. One that came in a single piece is handed out where it lies,
 * another in memory that the next one uses again; so whoever gets it must be done with it before it returns, or before
 * more is pushed.
 */
export class FrameReader {
  private memory = Buffer.allocUnsafeSlow(64 * 1024);
  private have = 0;
  private readonly onFrame: (frame: Buffer) => void;

  constructor(onFrame: (frame: Buffer) => void) {
    this.onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    let offset = 0;
    while (offset < chunk.length) {
      const left = chunk.length - offset;
      if (this.have === 0 && left >= lengthBytes) {
        const whole = lengthBytes + chunk.readInt32BE(offset);
        if (left >= whole) {
          this.onFrame(chunk.subarray(offset, offset + whole));
          offset += whole;
          continue;
        }
      }
      offset += this.gather(chunk, offset);
    }
  }

  /** Takes what belongs to the frame under way. Returns how many bytes. */
  private gather(chunk: Buffer, offset: number): number {
    const wanted = this.have < lengthBytes ? lengthBytes : this.whole();
    this.reserve(wanted);
    const taken = chunk.copy(this.memory, this.have, offset, offset + wanted - this.have);
    this.have += taken;
    if (this.have >= lengthBytes && this.have === this.whole()) {
      const { have } = this;
      this.have = 0;
      this.onFrame(this.memory.subarray(0, have));
    }
    return taken;
  }

  private whole(): number {
    return lengthBytes + this.memory.readInt32BE(0);
  }

  private reserve(bytes: number): void {
    if (bytes <= this.memory.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(bytes, 2 * this.memory.length));
    this.memory.copy(larger, 0, 0, this.have);
    this.memory = larger;
  }
}
