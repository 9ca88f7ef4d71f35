// Hides fields that do not apply to what is chosen in the same form. What was typed in them stays and is sent; the server
// reads what applies. Without it all of them stand there, each group below a line that says when it applies.

export function hideWhatDoesNotApply() {
  const groups = [...document.querySelectorAll("[data-applies-to]")];
  if (!groups.length) return;

  const show = () => {
    for (const group of groups) {
      const chosen = document.querySelector(`[name="${group.dataset.appliesTo}"]:checked`)?.value;
      const applies = !chosen || group.dataset.appliesWith.split(" ").includes(chosen);
      // The list of mistakes leads to fields, so one with a mistake is never hidden. Nor is what is ticked: beside
      // another choice that is a mistake, and nobody could see what it is about. Nor what has the focus.
      group.hidden = !applies && !group.querySelector('[aria-invalid], [type="checkbox"]:checked, :focus');
    }
  };
  document.addEventListener("change", show);
  // A page that the browser brings back may have other choices than it was sent with.
  addEventListener("pageshow", show);
  show();
}
