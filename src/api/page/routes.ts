import { type Context, Hono } from 'hono';
import { compress } from 'hono/compress';
import { negotiate } from '../http/negotiate.ts';
import { HttpProblem } from '../http/problems.ts';
import type { BuiltPage } from './built-page.ts';

/** Every path at which the page can be opened; what it shows there it reads from the address. */
const pagePaths = ['/', '/new', '/experiments/:id', '/comparisons/:id', '/compare'];

/** As `pagePaths`, and the files of the page: nothing in them is anybody's data, so that no key is asked for. */
export const isOfPage = /^\/(new|compare|experiments\/[^/]+|comparisons\/[^/]+|assets\/[^/]+)?$/;

/** What is asked for by programs, also where a person looks at it. */
const isForPrograms = /^\/(api|assets|docs|openapi\.json|metrics|healthz|readyz)(\/|$)/;

/**
 * The page, which says itself that nothing is there, for a person who opened an address that there is not; null for
 * programs, and where the page was not built.
 */
export function lostPage(
  { req, html }: Context,
  page: BuiltPage | null,
): Response | Promise<Response> | null {
  const isPerson = req.method === 'GET' && /\btext\/html\b/i.test(req.header('accept') ?? '');
  if (!page || !isPerson || isForPrograms.test(req.path)) return null;
  return html(page.document, 404, { 'Cache-Control': 'no-cache', Vary: 'Accept' });
}

/**
 * The web page at its paths; at `/` programs get `index`, the links of `/api`.
 * @param page null where it was not built: what says so is shown instead
 * @param fallback an HTML document
 */
export function pageRoutes(page: BuiltPage | null, fallback: string, index: () => object) {
  const app = new Hono();
  for (const path of pagePaths) {
    app.get(path, (c) => {
      c.header('Vary', 'Accept');
      const type = negotiate(c.req.header('accept'), ['text/html', 'application/json']);
      if (type === 'application/json') {
        if (path === '/') return c.json(index());
        throw new HttpProblem(406, 'This is a page for people; /api says where its data is.');
      }
      // The names of its files say what is in them; the document that names them is asked for anew each time.
      c.header('Cache-Control', 'no-cache');
      return c.html(page?.document ?? fallback);
    });
  }
  app.use('/assets/*', compress());
  app.get('/assets/:name', (c) => {
    const file = page?.assets.get(c.req.param('name'));
    if (!file)
      throw new HttpProblem(404, 'The page has no such file; it may have been built anew: reload it.');
    return c.body(file.body, 200, {
      'Content-Type': file.type,
      'Cache-Control': 'public, max-age=31536000, immutable',
    });
  });
  return app;
}
