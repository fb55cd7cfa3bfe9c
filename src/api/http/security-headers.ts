import type { MiddlewareHandler } from 'hono';

const policies = {
  /** Nothing may be loaded or run: an answer of the API is data. */
  data: "default-src 'none'; frame-ancestors 'none'",
  /** The API's own documents: its own files, nothing inline, nothing from elsewhere. */
  page: "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

/** Headers that keep a browser from making more of an answer than it is. */
export const securityHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  // A document that holds its own script says by its hash that this one may run.
  const own = c.res.headers.get('content-security-policy');
  const isPage = c.res.headers.get('content-type')?.startsWith('text/html') ?? false;
  c.res.headers.set('Content-Security-Policy', own ?? (isPage ? policies.page : policies.data));
  c.res.headers.set('X-Content-Type-Options', 'nosniff');
  c.res.headers.set('Referrer-Policy', 'no-referrer');
  c.res.headers.set('Cross-Origin-Resource-Policy', 'same-origin');
};
