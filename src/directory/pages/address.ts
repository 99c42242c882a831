/** Addresses of the directory's own pages. What is put into them is encoded. */

export const hostPath = (name: string): string => `/hosts/${encoded(name)}`;

const mostOfPath = 2000;

/** Half a character of UTF-16 cannot be encoded. */
export const encoded = (text: string): string => encodeURIComponent(text.slice(0, mostOfPath).replace(/\p{Cs}/gu, "\uFFFD"));

/** A path of this directory to come back to; what leads elsewhere becomes the start. */
export const ownPath = (back: string): string =>
  back.length <= mostOfPath && /^\/(?![/\\])[\x21-\x7e]*$/.test(back) && !back.includes("\\") ? back : "/";

/** Of a value in an address: more than any name has. */
const most = 300;

/** With what is not asked for left out, so that the same page has one address. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== "") parts.set(name, String(value).slice(0, most));
  return parts.size === 0 ? path : `${path}?${parts.toString()}`;
}
