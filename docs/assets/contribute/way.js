// What the main button does with a file that is ready, and what is said of it.

import { issue, pullRequest } from "./send.js";

const PULL = "GitHub opens with the file filled in; “Propose changes” there makes the pull request.";
const ISSUE = "An issue on GitHub takes the entry and the new pages together; a workflow makes the files.";
const LONG = " It is too long for an address: copy what is named below, and paste it on the page that opens.";

/** The way of a sound entry: { name, address, said, pasted }. `pages`: kind -> text of what is new, for which an issue is needed. */
export function way(state, pages, known, schema) {
  const isNew = Object.values(pages).some(Boolean);
  const { address, pasted } = isNew ? issue(known, schema, state, pages) : pullRequest(known.github, state.path, state.text);
  return { address, pasted, said: (isNew ? ISSUE : PULL) + (pasted.length ? LONG : "") };
}
