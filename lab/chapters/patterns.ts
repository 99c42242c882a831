/** Names and addresses of a lab as parts of the patterns that chapters look for. */
import type { Subnet } from "../names.js";

/** A text whose dots and the like stand for themselves. */
export const literally = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&");

/** Any address of a subnet of 256. */
export const addressIn = ({ subnet }: Subnet) => `${literally(subnet.replace(/0\/24$/, ""))}\\d+`;
