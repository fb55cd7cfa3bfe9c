import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { HttpProblem } from '../http/problems.ts';

const windowSeconds = 60;

/**
 * Lets each key make so many requests a minute, of this process; a load balancer spreads them over several. A stream of
 * events is one. Where no key is asked for, nobody can be told apart, and all is this machine's own.
 * @param usualPerMinute where a key has no number of its own
 */
export function rateLimit(usualPerMinute: number): MiddlewareHandler {
  const limiters = new Map<number, RateLimiterMemory>();
  const limiterOf = (points: number) => {
    const limiter = limiters.get(points) ?? new RateLimiterMemory({ points, duration: windowSeconds });
    limiters.set(points, limiter);
    return limiter;
  };
  return async (c, next) => {
    const caller = c.get('caller');
    if (caller) await consume(limiterOf(caller.requestsPerMinute ?? usualPerMinute), caller.name);
    await next();
  };
}

/** @throws HttpProblem 429 */
async function consume(limiter: RateLimiterMemory, name: string): Promise<void> {
  try {
    await limiter.consume(name);
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    const seconds = Math.max(1, Math.ceil(refusal.msBeforeNext / 1_000));
    throw new HttpProblem(
      429,
      `The key ${name} has made its ${limiter.points} requests of this minute; go on in ${seconds} s, or follow work by its events, which is one request.`,
      { headers: { 'Retry-After': String(seconds) } },
    );
  }
}
