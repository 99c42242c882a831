/** Times in words. */

export { moment, span } from "../ground/moment.js";
