// SPDX-License-Identifier: Apache-2.0
// main.js - the shift: who is logged in, and whose the desk is; and what is pressed.

import { post, who_am_i } from "./api.js";
import { Desk } from "./desk.js";
import { by_id } from "./dom.js";
import { fill_help } from "./help.js";
import { take_key } from "./keys.js";
import { Sound } from "./sound.js";
import { trouble } from "./troubles.js";
import { set_zone } from "./labels.js";

const AGAIN_MS = 2000; // breachd-web did not answer: tried again
const OVER = "The shift is over, and nothing is watched here: log in again.";

let desk = null; // of the first that logs in; those after him have the same
let starts = 0, starting; // how often it was tried to begin, and when again

const sound = new Sound(by_id("sound"), trouble);

// Who comes by a proxy has another session by asking; whoever else logs in again.
function on_out() {
    desk.close();
    by_id("desk").hidden = true;
    trouble("session", OVER); // as loud as any: the desk that is not seen any more sounds on
    start(OVER);
}

function begin(me) {
    set_zone(me.timezone);
    by_id("login").hidden = true;
    by_id("desk").hidden = false;
    by_id("site").textContent = me.site ?? "";
    by_id("troubles").replaceChildren(); // of a shift that is over
    desk ??= new Desk(me, sound, on_out);
    desk.open(me);
}

function ask_who(says) {
    by_id("login").hidden = false;
    by_id("login-says").textContent = says;
    by_id("login-form").elements.password.value = "";
    by_id("login-form").elements[says === "" ? "name" : "password"].focus();
}

// 401 alone asks who it is: what else is wrong is told, and may be over soon.
async function start(says = "") {
    const mine = ++starts;
    let me, why = null;
    clearTimeout(starting);
    try {
        me = await who_am_i();
    } catch (refused) {
        why = refused;
    }
    if (mine !== starts)
        return;
    if (why === null)
        return begin(me);
    if (by_id("login").hidden || why.status === 401)
        ask_who(why.status === 401 ? says : why.message);
    if (why.status !== 401)
        starting = setTimeout(() => start(says), AGAIN_MS);
}

by_id("login-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    sound.allow();
    const { name, password } = Object.fromEntries(new FormData(event.target));
    try {
        await post("/login", { name, password });
        event.target.reset();
        await start();
    } catch (why) {
        ask_who(why.status === 401 ? "That name and password do not go together." : why.message);
    }
});
by_id("logout").addEventListener("click", async () => {
    await post("/logout", {}).catch(() => {});
    location.reload();
});
by_id("past").addEventListener("click", () => desk.history.open());
by_id("keys").addEventListener("click", () => by_id("help").showModal());
by_id("actions").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button)
        desk.do(button.dataset.do);
});
document.addEventListener("keydown", (event) => take_key(event, desk));
fill_help();
start();
