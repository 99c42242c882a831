/** The style sheet and the script of the pages. Their paths name what is in them, so that a browser may keep them for ever. */
import { createHash } from "node:crypto";
import { scriptText } from "./script.js";
import { styleText } from "./style.js";

export interface Asset {
  readonly path: string;
  readonly type: string;
  readonly body: string;
}

function asset(name: string, ending: string, type: string, body: string): Asset {
  const hash = createHash("sha256").update(body).digest("hex").slice(0, 16);
  return { path: `/assets/${name}-${hash}.${ending}`, type: `${type}; charset=utf-8`, body };
}

export const style = asset("style", "css", "text/css", styleText);
export const script = asset("script", "js", "text/javascript", scriptText);
export const assets: readonly Asset[] = [style, script];
