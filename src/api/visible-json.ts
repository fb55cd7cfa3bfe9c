import type { MiddlewareHandler } from 'hono';
import { visibleJson } from '../contracts/input/text/invisible.ts';

/**
 * JSON that is answered, problems too, can be shown as it is: a name that turns the reading direction, or hides in it,
 * turns no line of a terminal. Its values stay the same.
 */
export const visibleAnswers: MiddlewareHandler = async (c, next) => {
  await next();
  if (!/^application\/(problem\+)?json/.test(c.res.headers.get('content-type') ?? '')) return;
  const { status, statusText, headers } = c.res;
  const visible = visibleJson(await c.res.text());
  // A response that is set anew would keep the headers of the one before beside its own.
  c.res = undefined;
  c.res = new Response(visible, { status, statusText, headers });
};
