"use strict";
(() => {
  for (const tools of document.querySelectorAll(".tools")) tools.hidden = false;

  const filter = document.getElementById("filter");
  if (filter) {
    const rows = [...document.querySelectorAll("#events tbody tr")];
    const told = document.getElementById("filtered");
    filter.addEventListener("input", () => {
      const wanted = filter.value.trim().toLowerCase();
      let shown = 0;
      for (const row of rows) {
        row.hidden = wanted !== "" && !row.textContent.toLowerCase().includes(wanted);
        if (!row.hidden) shown += 1;
      }
      told.textContent = wanted === "" ? "" : `${shown} of ${rows.length} rows`;
    });
  }

  const copy = document.getElementById("copy");
  copy.addEventListener("click", async () => {
    const yaml = document.getElementById("yaml");
    const told = document.getElementById("copied");
    try {
      await navigator.clipboard.writeText(yaml.textContent);
      told.textContent = "Copied.";
    } catch {
      getSelection().selectAllChildren(yaml);
      told.textContent = "Selected: copy it with the keyboard.";
    }
  });

  const places = [...document.querySelectorAll("[data-host]")].filter((place) => place.dataset.host);
  const mark = (host) => {
    for (const place of places) place.classList.toggle("same", host !== "" && place.dataset.host === host);
  };
  for (const place of places) {
    place.addEventListener("pointerenter", () => mark(place.dataset.host));
    place.addEventListener("pointerleave", () => mark(""));
  }
})();
