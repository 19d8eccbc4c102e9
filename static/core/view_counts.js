// How many rows each saved view of a list has now, fetched when the page is there; without it the page lacks nothing.
const bar = document.querySelector("[data-view-counts]");

async function fill() {
  try {
    const answer = await fetch(bar.dataset.viewCounts);
    if (answer.ok && !answer.redirected) put(await answer.json());
  } catch {
    // No network, or half an answer: the names of the views are enough.
  }
}

function put(counts) {
  for (const [id, count] of Object.entries(counts)) {
    const place = bar.querySelector(`[data-count="${id}"]`);
    if (place) place.textContent = count;
  }
}

// The open view stands in sight, also on a phone where the bar is wider than the screen.
function show() {
  const open = bar.querySelector("[aria-current]");
  if (open) bar.scrollLeft = open.offsetLeft - bar.offsetLeft - (bar.clientWidth - open.offsetWidth) / 2;
}

show();
fill().then(show);
