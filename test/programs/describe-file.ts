/** Prints the description of the certificate on standard input, so that a test can set the time zone of the process. */
import { text } from "node:stream/consumers";
import { parseCertificate } from "../../src/ssh/certificate.js";
import { describeCertificate } from "../../src/ssh/describe-certificate.js";

process.stdout.write(describeCertificate(parseCertificate(await text(process.stdin))));
