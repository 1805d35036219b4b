// What was typed survives a reload, where the browser keeps anything at all.

const NAME = "contribute";

/** Keep what the form holds. */
export function keep(raw) {
  try {
    localStorage.setItem(NAME, JSON.stringify(raw));
  } catch { /* full or forbidden: the form works without */ }
}

/** What was kept, or null. */
export function kept() {
  try {
    const found = JSON.parse(localStorage.getItem(NAME));
    return found && typeof found === "object" ? found : null;
  } catch {
    return null;
  }
}

/** Forget it. */
export function forget() {
  try {
    localStorage.removeItem(NAME);
  } catch { /* nothing was kept */ }
}
