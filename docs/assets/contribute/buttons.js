// The buttons of the form: hand in, copy, download, clear. None lets a file go that the check would refuse.

import { download } from "../search/table.js";
import { mend } from "./shown.js";

const REFUSED = "The browser does not allow it: select the text below, or download the file.";

/** Make the buttons work. `looked()` resolves to the state when all is looked at; `clear()` empties the form. */
export function wireButtons(form, { looked, settled, clear }) {
  const place = (name) => form.querySelector(`[data-${name}]`);
  const tell = (said) => { place("done").textContent = said; };

  /** The state of a file that may leave; else what is wrong is shown, and the first of it has the focus. */
  async function ready() {
    const state = await looked();
    const first = state.problems.find(({ warning }) => !warning);
    if (first) mend(first.field);
    return first ? null : state;
  }

  async function copy(text, said) {
    tell(await navigator.clipboard.writeText(text).then(() => said, () => REFUSED));
  }

  place("send").addEventListener("click", async (event) => {
    const send = event.currentTarget;
    if (settled() && !("blocked" in send.dataset)) return;
    event.preventDefault(); // what was typed last has not been looked at, or something is wrong
    if (await ready()) window.open(send.href, "_blank", "noopener");
  });
  place("copy").addEventListener("click", async () => {
    const state = await ready();
    if (state) await copy(state.text, `Copied. The file belongs at ${state.path}.`);
  });
  place("pasted").addEventListener("click", async ({ target: { dataset, value } }) => {
    if (dataset.paste) await copy(value, `Copied. Paste it into ${dataset.paste}.`);
  });
  place("download").addEventListener("click", async () => {
    const state = await ready();
    if (state) download(state.text, `${state.id}.md`, "text/markdown;charset=utf-8");
  });
  place("clear").addEventListener("click", () => { if (confirm("Clear everything that was typed?")) clear(); });
}
