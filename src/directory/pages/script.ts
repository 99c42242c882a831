/** The pages' script: it copies. All else works without it. */
export const scriptText = `"use strict";
(() => {
  const said = document.getElementById("said");

  /** Emptied first, so that the same words are said again. */
  function say(text) {
    said.textContent = "";
    setTimeout(() => { said.textContent = text; }, 50);
  }

  /** The browser's clipboard, or its old way, where the page did not come by HTTPS. */
  async function copy(source) {
    try {
      await navigator.clipboard.writeText(source.textContent);
      return true;
    } catch {
      getSelection().selectAllChildren(source);
      return document.execCommand("copy");
    }
  }

  for (const button of document.querySelectorAll("button[data-copies]")) {
    const source = document.getElementById(button.dataset.copies);
    const label = button.firstElementChild;
    let timer;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const done = await copy(source);
      label.textContent = done ? "Copied" : "Selected";
      button.classList.toggle("done", done);
      say(done ? "Copied." : "It could not be copied. It is selected: copy it with your keyboard.");
      clearTimeout(timer);
      timer = setTimeout(() => { label.textContent = "Copy"; button.classList.remove("done"); }, 2500);
    });
  }
})();
`;
