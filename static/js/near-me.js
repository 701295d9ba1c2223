// "Near me": the browser is asked, and the point is rounded to three decimals (about 100 m) before it leaves.
const DIGITS = 3;

export function startNearMe(button) {
  const form = button.form;
  const status = form.querySelector("[data-search-status]");
  if (!navigator.geolocation) {
    button.hidden = true;
    return;
  }
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    status.textContent = button.dataset.asking;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        const query = new URLSearchParams(new FormData(form));
        query.delete("near");
        query.set("lat", coords.latitude.toFixed(DIGITS));
        query.set("lon", coords.longitude.toFixed(DIGITS));
        [...query].forEach(([name, value]) => { if (!value) query.delete(name); });
        location.assign(`${form.action}?${query}`);
      },
      () => {
        button.removeAttribute("aria-busy");
        status.textContent = button.dataset.refused;
        form.querySelector('[name="near"]').focus();
      },
      { maximumAge: 600_000, timeout: 10_000, enableHighAccuracy: false },
    );
  });
}
