// What the main button does with a file that is ready, and what is said of it.

import { LONGEST, issue, pullRequest } from "./send.js";

const PULL = "GitHub opens with the file filled in; “Propose changes” there makes the pull request.";
const ISSUE = "An issue on GitHub takes the entry and the new pages together; a workflow makes the files.";
const LONG = "The text is too long for an address: copy the file, and paste it on the page that opens.";

/** Without what made an address too long. */
function shortened(address) {
  const url = new URL(address);
  for (const key of ["value", "text"]) url.searchParams.delete(key);
  return url.href;
}

/** The way of a sound entry: { address, said }. `pages`: kind -> new pages, for which an issue is needed. */
export function way({ values, body, path, text }, pages, known, word) {
  const isNew = Object.values(pages).some((some) => some.length);
  const { address, left = [] } = isNew ? issue(known, values, body, pages, word) : { address: pullRequest(known.github, path, text) };
  if (address.length > LONGEST) return { address: shortened(address), said: LONG };
  const lost = left.length ? ` The issue form has no place for all of: ${left.join(", ")}. Copy the file and add it as a comment.` : "";
  return { address, said: (isNew ? ISSUE : PULL) + lost };
}
