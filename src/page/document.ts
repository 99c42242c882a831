/** One HTML page that needs nothing else: no network, no script, no second file. */
import { Html, markup } from "./html.js";

export interface Document {
  readonly title: string;
  /** The style sheet: `pageStyle`. */
  readonly style: string;
  /** The first link of the page, for readers without eyes or a mouse. */
  readonly skip: { readonly to: string; readonly text: string };
  readonly body: Html;
}

/** The page forbids itself what it does not need, so that no output of a program can bring it in. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export function renderDocument({ title, style, skip, body }: Document): string {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        <style>
          ${new Html(style)}
        </style>
      </head>
      <body>
        <a class="skip" href="#${skip.to}">${skip.text}</a>
        ${body}
      </body>
    </html> `;
  return page.text;
}
