/** An HTML page: one that needs nothing else, or one that a service sends together with a style sheet and a script. */
import { Html, markup } from "./html.js";

interface Content {
  readonly title: string;
  /** The first link of the page, for readers without eyes or a mouse. */
  readonly skip: { readonly to: string; readonly text: string };
  readonly body: Html;
}

/** One file: no network, no script, no second file. */
export interface Document extends Content {
  /** The style sheet: `pageStyle`. */
  readonly style: string;
}

/** A page of a service, which sends the policy as a header. Nothing in it is style or script. */
export interface ServedDocument extends Content {
  /** Where the service has its style sheet and its script. */
  readonly assets: { readonly style: string; readonly script: string };
}

/** The page forbids itself what it does not need, so that no output of a program can bring it in. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'";

export const renderDocument = ({ style, ...content }: Document): string =>
  render(
    content,
    markup`<meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="referrer" content="no-referrer" />
        <style>
          ${new Html(style)}
        </style>`,
  );

export const renderServedDocument = ({ assets, ...content }: ServedDocument): string =>
  render(
    content,
    markup`<link rel="stylesheet" href="${assets.style}" />
        <script src="${assets.script}" defer></script>`,
  );

function render({ title, skip, body }: Content, own: Html): string {
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title}</title>
        <link rel="icon" href="data:," />
        ${own}
      </head>
      <body>
        <a class="skip" href="#${skip.to}">${skip.text}</a>
        ${body}
      </body>
    </html> `;
  return page.text;
}
