/** Addresses of the directory's own pages. What is put into them is encoded. */

export const hostPath = (name: string): string => `/hosts/${encoded(name)}`;

/** Half a character of UTF-16 cannot be encoded. */
export const encoded = (text: string): string => encodeURIComponent(text.replace(/\p{Cs}/gu, "\uFFFD"));

/** A path of this directory to come back to; what leads elsewhere becomes the start. */
export const ownPath = (back: string): string => (/^\/(?![/\\])[\x21-\x7e]*$/.test(back) && !back.includes("\\") ? back : "/");

/** With what is not asked for left out, so that the same page has one address. */
export function withQuery(path: string, query: Readonly<Record<string, string | number | undefined>>): string {
  const parts = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined && value !== "") parts.set(name, String(value));
  return parts.size === 0 ? path : `${path}?${parts.toString()}`;
}
