// SPDX-License-Identifier: Apache-2.0
// sound.js - two tones each two seconds, as long as something critical was seen by nobody.

const EVERY_MS = 2000;

export class Sound {
    constructor(button, trouble) {
        this.button = button;
        this.trouble = trouble;
        this.on = true;
        this.permitted = true;
        this.wanted = false;
        button.addEventListener("click", () => this.set(!this.on));
        document.addEventListener("pointerdown", () => this.allow(), { capture: true });
        document.addEventListener("keydown", () => this.allow(), { capture: true });
        setInterval(() => this.beat(), EVERY_MS);
    }

    // Browsers make no sound before somebody has touched the page: the shift's start is a touch.
    allow() {
        this.context ??= new AudioContext();
        if (this.context.state === "suspended")
            this.context.resume();
    }

    // By `sound` of web.conf: where the house rings by other means no desk does.
    permit(permitted) {
        if (permitted === this.permitted)
            return;
        this.permitted = permitted;
        this.button.disabled = !permitted;
        this.button.title = permitted ? "" : "sound = off in web.conf";
        this.set(permitted);
    }

    set(on) {
        this.on = on && this.permitted;
        this.button.setAttribute("aria-pressed", String(this.on));
        this.button.textContent = this.on ? "Sound on" : "Sound OFF";
    }

    want(wanted) {
        if (wanted && !this.wanted)
            setTimeout(() => this.beat());
        this.wanted = wanted;
    }

    beat() {
        const running = this.context?.state === "running";
        const mute = this.wanted && this.on && !running;
        this.trouble("sound", mute ? "No sound yet: press any key, so that the browser allows it" : "");
        document.documentElement.dataset.sounds = String(this.wanted && this.on && running);
        if (!this.wanted || !this.on || !running)
            return;
        this.tone(880, 0);
        this.tone(660, 0.25);
    }

    tone(hertz, after) {
        const from = this.context.currentTime + after;
        const tone = new OscillatorNode(this.context, { frequency: hertz });
        const loud = new GainNode(this.context, { gain: 0.2 });
        tone.connect(loud).connect(this.context.destination);
        tone.start(from);
        tone.stop(from + 0.2);
    }
}
