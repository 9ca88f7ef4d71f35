// Entry of all scripts. Pages work without any of them: each module improves what is already there.
import { followReading } from "./reading.js";
import { hideWhatDoesNotApply } from "./applying_fields.js";
import { answerInPlace } from "./questions.js";
import { closeMenus } from "./menus.js";
import { keepPlace } from "./places.js";
import { keepAnswers } from "./keeping.js";
import { sendLeftBehind } from "./left_behind.js";
import { guardRestoredPages } from "./restored_pages.js";
import { warnOfSessionEnd } from "./session_end.js";
import { watchSources } from "./sources.js";
import { countDown } from "./time_left.js";

document.documentElement.dataset.scripts = "on";
followReading();
answerInPlace();
closeMenus();
keepPlace();
keepAnswers();
sendLeftBehind();
guardRestoredPages();
hideWhatDoesNotApply();
countDown();
warnOfSessionEnd();
watchSources();
