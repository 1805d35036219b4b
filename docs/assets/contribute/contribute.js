// The form at /contribute/: what is typed becomes a file, checked in the words of the check.

import { styled } from "../search/result.js";
import { wireButtons } from "./buttons.js";
import { today } from "./dates.js";
import { fill, wire } from "./fields.js";
import { forget, keep, kept } from "./kept.js";
import { meant } from "./names.js";
import { Review } from "./review.js";
import { show } from "./shown.js";

const PAUSE = 150; // ms without a key before the form looks at itself
const form = document.getElementById("contribute"), told = document.getElementById("contribute-told");
const seen = { tried: false, touched: new WeakSet(), last: null };
let review, pause, waiting = false;

async function load(path) {
  const answer = await fetch(new URL(path, new URL("../../", import.meta.url)));
  if (!answer.ok) throw new Error(path);
  return answer.json();
}

const tools = {
  find: (kind, text) => meant(review.names(kind), text),
  label: (kind, id) => review.label(kind, id),
  describes: (kind) => Boolean(review.data.github) && form.querySelector(`[data-new="${kind}"]`) !== null,
  describe: (kind, text) => review.described.add(kind, text).querySelector("input").focus(),
  changed: (field) => { note(field); later(0); },
};

/** Which field of the form was changed last. */
function note(place) {
  const fields = place?.closest(".contribute-fields")?.querySelectorAll(":scope > [data-key]") || [];
  seen.last = [...fields].find((field) => field.contains(place)) || seen.last;
}

function later(wait = PAUSE) {
  clearTimeout(pause);
  waiting = true;
  pause = setTimeout(() => look(), wait);
}

/** Look at the form and show what was found; when more entries came, once more. */
async function look(whole = false) {
  clearTimeout(pause);
  const looking = review.look(whole);
  keep({ ...review.state.raw, new: review.described.raw() });
  const state = await looking;
  if (review.state !== state) return state;
  waiting = state.waiting;
  show(form, review, seen);
  if (await review.have(state.wanted)) later(0);
  return state;
}

function clear() {
  forget();
  seen.tried = false;
  review.described.clear();
  fill(form, {}, tools);
  form.querySelectorAll("[data-key]").forEach((field) => seen.touched.delete(field));
  later(0);
}

function hear() {
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("input", ({ target }) => {
    form.querySelector("[data-done]").textContent = "";
    note(target);
    later();
  });
  form.addEventListener("change", () => later());
  form.addEventListener("focusout", ({ target: left, relatedTarget }) => {
    const field = left.closest("[data-key]");
    if (!field || field.contains(relatedTarget)) return;
    seen.touched.add(field);
    later();
  });
}

/** Put back what was typed before the page was loaded again. */
async function restore(before) {
  await review.have((before.related || []).map((id) => String(id).slice(0, 4)));
  review.described.fill(before.new);
  fill(form, before, tools);
  const filled = (field) => field.querySelector("input:checked") || [...field.querySelectorAll("input:not([type=checkbox]), textarea, select")].some(({ value }) => value);
  for (const field of form.querySelectorAll(".rare [data-key]")) if (filled(field)) field.closest("details").open = true;
}

async function start() {
  try {
    const [data, schema] = await Promise.all([load("contribute/known.json"), load("schema/entry.schema.json"), styled(new URL("contribute.css", import.meta.url))]);
    const added = today(document.querySelector("meta[name=time-zone]").content);
    review = new Review(form, { data, schema, load, added, tools });
  } catch {
    told.textContent = "The form could not be loaded. Reload the page, or take one of the other two ways.";
    told.hidden = false;
    return;
  }
  wire(form, tools);
  form.hidden = false;
  const before = kept();
  if (before) await restore(before);
  wireButtons(form, { looked: () => { seen.tried = true; return look(true); }, settled: () => !waiting, clear });
  hear();
  await look();
}

start();
