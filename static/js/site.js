// What every page has: theme switch, saved clinics, the place field. Each behaviour stands in its own module.
import { startTheme } from "./theme.js";
import { startSaved } from "./saved.js";
import { startCombobox } from "./combobox.js";
import { startNearMe } from "./near-me.js";
import { startCompare } from "./compare.js";
import { startUnit } from "./unit.js";

startTheme();
startSaved();
startCompare();
startUnit();
document.querySelectorAll("[data-combobox]").forEach(startCombobox);
document.querySelectorAll("[data-near-me]").forEach(startNearMe);
document.querySelector("[data-error-summary]")?.focus();
