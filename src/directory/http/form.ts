/** A form that a page of the directory sent. */
import { fail, reasonOf } from "../../errors/catalogue.js";
import type { DirectoryContext } from "./directory.js";

const type = "application/x-www-form-urlencoded";

/**
 * @param most bytes of its body @param shown how much that is, for people
 * @throws DIRECTORY_FORM where it is none, or is cut off; DIRECTORY_TOO_LARGE
 */
export async function readForm(c: DirectoryContext, most: number, shown: string): Promise<URLSearchParams> {
  if (c.req.header("content-type")?.split(";")[0]?.trim().toLowerCase() !== type)
    throw fail("DIRECTORY_FORM", { problem: `its Content-Type is not ${type}` });
  const tooLarge = () => fail("DIRECTORY_TOO_LARGE", { most: shown });
  const length = Number(c.req.header("content-length") ?? 0);
  if (length > most) throw tooLarge();
  const parts: Uint8Array[] = [];
  let size = 0;
  const body = (c.req.raw.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (;;) {
    const next = await body?.read().catch((error: unknown) => {
      throw fail("DIRECTORY_FORM", { problem: `it was cut off: ${reasonOf(error)}` }, error);
    });
    if (next?.value === undefined) break;
    size += next.value.byteLength;
    if (size > most) throw tooLarge();
    parts.push(next.value);
  }
  return new URLSearchParams(Buffer.concat(parts).toString("utf8"));
}
