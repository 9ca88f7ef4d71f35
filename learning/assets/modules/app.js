// Entry of all scripts. Pages work without any of them: each module improves what is already there.
document.documentElement.dataset.scripts = "on";
