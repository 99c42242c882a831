/**
 * Where hosts publish what anyone may know of them. It is small on purpose: any store that can hand out a ticket to write
 * one object will do. Ours is an S3 bucket.
 */
import { Agent } from "node:https";
import type { Client } from "minio";
import { fail, reasonOf } from "../errors/catalogue.js";
import { objectStoreName } from "../story.js";

export interface ObjectStore {
  /** What lets its holder write one object, as often as it likes for a quarter of an hour: a URL to PUT it to. It is a secret. */
  ticket(object: string): Promise<string>;
  /** An object's text, its first 16 KiB; undefined where there is none. */
  read(object: string): Promise<string | undefined>;
  list(): Promise<string[]>;
  remove(object: string): Promise<void>;
}

export interface Credentials {
  readonly user: string;
  readonly password: string;
  /** The certificate that the store shows, PEM: the only one that is accepted from it. */
  readonly certificate: string;
  /** Where it is published on this machine. */
  readonly port: number;
}

const bucket = "host-keys";
const region = "us-east-1";
const ticketSeconds = 15 * 60;
/** Three public keys are not half as long. */
const mostBytes = 16 * 1024;

/** The lab's bucket. It is made at the first use. @throws OBJECT_STORE_FAILED, from each of its calls too */
export async function openBucket({ user, password, certificate, port }: Credentials): Promise<ObjectStore> {
  // Loading it takes a fifth of a second, which every task would pay.
  const minio = await import("minio");
  const common = { useSSL: true, accessKey: user, secretKey: password, region, pathStyle: true };
  const agent = new Agent({ ca: certificate });
  const here = new minio.Client({ ...common, endPoint: "localhost", port, transportAgent: agent });
  // A ticket names the address that its holder will use.
  const there = new minio.Client({ ...common, endPoint: objectStoreName, port: 9000 });
  await asking("make its bucket", async () => {
    if (!(await here.bucketExists(bucket))) await here.makeBucket(bucket, region).catch(unlessMade);
  });

  return {
    ticket: (object) => there.presignedPutObject(bucket, object, ticketSeconds),
    read: (object) => asking(`read ${object}`, () => firstPart(here, object)),
    list: () =>
      asking("list what is in it", async () => {
        const found: string[] = [];
        for await (const { name } of here.listObjectsV2(bucket) as AsyncIterable<{ name: string }>) found.push(name);
        return found;
      }),
    remove: (object) => asking(`remove ${object}`, () => here.removeObject(bucket, object)),
  };
}

/** A ticket does not say how much may be written: what is too long is read in part. */
async function firstPart(client: Client, object: string): Promise<string | undefined> {
  try {
    const { size } = await client.statObject(bucket, object);
    if (size === 0) return "";
    const parts: Buffer[] = [];
    for await (const part of await client.getPartialObject(bucket, object, 0, Math.min(size, mostBytes)))
      parts.push(part as Buffer);
    return Buffer.concat(parts).toString("utf8");
  } catch (error) {
    if (["NoSuchKey", "NotFound"].includes(codeOf(error))) return undefined;
    throw error;
  }
}

/** Another task may have made the bucket at the same moment. */
function unlessMade(error: unknown): void {
  if (codeOf(error) !== "BucketAlreadyOwnedByYou") throw error;
}

/** S3's name of an error. */
const codeOf = (error: unknown) => (error as { code?: string }).code ?? "";

async function asking<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw fail("OBJECT_STORE_FAILED", { what, reason: reasonOf(error) }, error);
  }
}
