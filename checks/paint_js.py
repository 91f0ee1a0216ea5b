"""The part of the script of `visibility_js` that looks at colours: what covers a point of a page, and what is written on what."""

# What is painted above a point of an element, and below it. A header that stays while a page scrolls and a bar at its
# foot hide nothing for good: a layer over the whole window may.
PAINT_JS = r"""
    const brush = document.createElement('canvas').getContext('2d', {willReadFrequently: true}), mixed = new Map();
    const colour = text => {
        if (!mixed.has(text)) {
            brush.canvas.width = brush.canvas.height = 1;
            brush.fillStyle = text;
            brush.fillRect(0, 0, 1, 1);
            const [red, green, blue, alpha] = brush.getImageData(0, 0, 1, 1).data;
            mixed.set(text, [red, green, blue, alpha / 255]);
        }
        return mixed.get(text);
    };
    const pictured = 'img, video, canvas, iframe, object, embed';
    // How much of what is below it a box hides, from 0 to 1; -1 where its picture may hide all of it.
    const hides = style => {
        const image = style.backgroundImage;
        const own = colour(style.backgroundColor)[3];
        if (own > 0.99 || image === 'none') return own;
        if (/url\(/.test(image)) return -1;
        return /transparent|rgba\(|\/ ?[\d.]+%?\)/.test(image) ? own : 1;
    };
    const before = on => ['::before', '::after'].map(name => getComputedStyle(on, name)).filter(style =>
        style.content !== 'none' && /absolute|fixed/.test(style.position) && style.visibility === 'visible'
        && parseFloat(style.width) > 0.9 * on.clientWidth && parseFloat(style.height) > 0.9 * on.clientHeight);
    const passing = (on, node) => {
        const fixed = chain(on).find(one => /fixed|sticky/.test(getComputedStyle(one).position));
        if (!fixed || fixed.contains(node)) return false;
        const box = inside(fixed.getBoundingClientRect(), {left: 0, top: 0, right: innerWidth, bottom: innerHeight});
        return box.width * box.height < 0.9 * innerWidth * innerHeight;
    };
    const below = (on, node) => chain(node).slice(0, chain(node).indexOf(on)).some(one => Number(getComputedStyle(one).zIndex) < 0);
    // How much the boxes above a point leave to be seen, and whether a picture among them may leave nothing.
    const through = (above, node) => {
        let left = 1, perhaps = false;
        for (const on of above) {
            if (passing(on, node)) continue;
            const around = on.contains(node), layers = before(on);
            if (!around || below(on, node)) layers.push(getComputedStyle(on));
            const strength = faint(chain(on).filter(one => !one.contains(node)));
            for (const style of layers) {
                const part = on.matches(pictured) && !around ? -1 : hides(style);
                if (part < 0) perhaps = perhaps || strength > 0.9;
                else left *= 1 - part * (style === layers.at(-1) && !around ? 1 : Number(style.opacity)) * strength;
            }
        }
        return [left, perhaps];
    };
    // The colour below a text; null where a picture is, even below a thin colour.
    const ground = (under, node) => {
        let [red, green, blue] = [0, 0, 0], left = 1;
        for (const on of under) {
            const style = getComputedStyle(on);
            if (on.matches(pictured) || style.backgroundImage !== 'none' || before(on).length) return null;
            const [r, g, b, own] = colour(style.backgroundColor), alpha = own * faint(chain(on).filter(one => !one.contains(node)));
            [red, green, blue] = [red + r * alpha * left, green + g * alpha * left, blue + b * alpha * left];
            left *= 1 - alpha;
            if (left < 0.01) break;
        }
        return [red, green, blue].map(value => value + 255 * left);
    };
    const light = ([red, green, blue]) => [red, green, blue].map(value => value / 255)
        .map(value => value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)
        .reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
    const written = (node, under) => {
        const style = getComputedStyle(node), fill = colour(style.webkitTextFillColor || style.color);
        const blended = chain(node).some(on => getComputedStyle(on).mixBlendMode !== 'normal');
        const drawn = blended || style.textShadow !== 'none' || parseFloat(style.webkitTextStrokeWidth) > 0 || /text/.test(style.backgroundClip + style.webkitBackgroundClip);
        if (drawn) return '';
        if (fill[3] < 0.05) return 'TRANSPARENT';
        const back = ground(under, node);
        if (!back) return '';
        const [one, other] = [light(fill.slice(0, 3).map((value, index) => value * fill[3] + back[index] * (1 - fill[3]))), light(back)].map(value => value + 0.05);
        return Math.max(one, other) / Math.min(one, other) < 1.2 ? 'SAME' : '';
    };
    const blank = image => {
        if (!image.complete || !image.naturalWidth) return 'BROKEN';
        if (image.naturalWidth < 2 && image.naturalHeight < 2) return 'TINY';
        try {
            brush.canvas.width = brush.canvas.height = 16;
            brush.drawImage(image, 0, 0, 16, 16);
            const {data} = brush.getImageData(0, 0, 16, 16);
            return data.some((value, index) => index % 4 === 3 && value > 12) ? '' : 'TRANSPARENT';
        } catch { return ''; }  // a picture of another site
    };"""
