"""The script that reads an article, on its page or in a piece of HTML."""

#: Lists that the site makes of its other contents: what they show isn't of the content that they stand in.
MADE = (
    ".wp-block-query, .wp-block-rss, .wp-block-latest-posts, .wp-block-latest-comments, .wp-block-calendar, "
    ".wp-block-archives, .wp-block-categories, .wp-block-tag-cloud, .wp-block-page-list, .wp-block-navigation, "
    ".wp-block-comments"
)

#: Those of them that somebody may put in to link his text to other contents.
LISTS = ".wp-block-navigation, .wp-block-page-list, .wp-block-latest-posts"

# Whether a visitor can't come to see a part of `root`. What he opens himself (an accordion, a tab) he can,
# and what a theme brings in while he scrolls is only see-through at first: of opacity, only the text's own
# style counts.
UNSEEN_JS = r"""const opens = 'details, dialog, [role=tabpanel], [aria-labelledby], [class*=accord i], [class*=tab i], '
        + '[class*=toggle i], [class*=collaps i], [class*=faq i], [class*=slide i], [class*=carousel i], '
        + '[class*=modal i], [class*=popup i], .screen-reader-text';
    const controlled = node => node.id && root.querySelector(`[aria-controls~="${CSS.escape(node.id)}"], a[href="#${CSS.escape(node.id)}"]`);
    const opened = node => {
        for (let on = node; on && on !== root; on = on.parentElement) {
            if (on.matches(opens) || controlled(on)) return true;
        }
        return false;
    };
    const unseen = node => {
        const style = getComputedStyle(node);
        const gone = style.display === 'none' || style.visibility === 'hidden' || node.style.opacity === '0';
        return gone && !opened(node);
    };"""

# The words below a node, each cell, line and block on a line of its own: what stands apart must not become one figure.
# `out` tells what is left out. In the source of a page a break is a space, as browsers show it.
SAID_JS = r"""const apart = /^(ADDRESS|ARTICLE|ASIDE|BLOCKQUOTE|BR|BUTTON|D[DLT]|DETAILS|DIV|FIGCAPTION|FIGURE|FOOTER|H[1-6]|HEADER|HR|LI|OL|P|PRE|SECTION|SUMMARY|T[DHR]|TABLE|UL)$/;
    const said = (node, out = () => false) => {
        if (node.nodeType === Node.TEXT_NODE) return node.parentElement?.closest('pre') ? node.data : node.data.replace(/\s+/g, ' ');
        if (node.nodeType !== Node.ELEMENT_NODE || out(node)) return '';
        const inner = [...node.childNodes].map(child => said(child, out)).join('');
        return apart.test(node.tagName) ? `\n${inner}\n` : inner;
    };
    const tidy = text => text.replace(/[^\S\n]+/g, ' ').replace(/\s*\n\s*/g, '\n');"""

# Reads the article of this number on the page, or a piece of HTML. Lists that the site makes of its
# other contents are left out (`made` has the links of some), and a link without words or picture is none. `visibly`
# leaves out what no visitor can come to see.
READ_JS = (
    r"""([what, visibly]) => {
    const root = typeof what === 'number'
        ? document.querySelector(`#post-${what} .entry-content`) || document.querySelector('.entry-content')
            || document.querySelector('main') || document.body
        : new DOMParser().parseFromString(what, 'text/html').body;
    const parts = [...root.querySelectorAll('a.post-page-numbers[href]')].map(a => a.getAttribute('href'));
    const made = 'script, style, noscript, template, .wp-lightbox-overlay, .post-nav-links, .page-links, __MADE__';
    __SAID__
    __UNSEEN__
    const out = node => node.matches(made) || (visibly && unseen(node));
    // Said to who listens, not shown to who reads.
    const aloud = '.wp-block-social-link-label.screen-reader-text, .mejs-offscreen, .mejs-container';
    const left = node => {
        if (!visibly) return node.closest(made);
        for (let on = node; on && on !== root; on = on.parentElement) {
            if (out(on)) return true;
        }
        return false;
    };
    const seen = {text: '', headings: [], images: [], links: [], made: [], parts};
    seen.text = tidy(said(root, node => out(node) || node.matches(aloud)));
    const wanted = 'h1, h2, h3, h4, h5, h6, img, a[href], .wp-block-cover__image-background:not(img)';
    for (const node of root.querySelectorAll('__LISTS__')) {
        if (visibly && (unseen(node) || left(node.parentElement))) continue;
        for (const link of node.querySelectorAll('a[href]')) {
            const words = said(link, node => visibly && unseen(node)).trim();
            if (words) seen.made.push([link.getAttribute('href'), words]);
        }
    }
    for (const node of root.querySelectorAll(wanted)) {
        if (left(node)) continue;
        if (node.matches('.wp-block-cover__image-background:not(img)')) {
            const source = node.style.backgroundImage.match(/url\(["']?(.*?)["']?\)/)?.[1] || '';
            seen.images.push([source, node.getAttribute('aria-label') || '', '']);
        } else if (node.tagName === 'IMG') {
            const caption = node.closest('figure')?.querySelector('figcaption');
            const own = name => node.getAttribute(name) || '';
            seen.images.push([own('src'), own('alt'), caption?.textContent || '', own('title')]);
        } else if (node.tagName === 'A') {
            const words = said(node, out).trim();
            if (words || node.querySelector('img')) seen.links.push([node.getAttribute('href'), words]);
        } else {
            seen.headings.push([Number(node.tagName[1]), said(node, out)]);
        }
    }
    return seen;
}""".replace("__UNSEEN__", UNSEEN_JS)
    .replace("__SAID__", SAID_JS)
    .replace("__MADE__", MADE)
    .replace("__LISTS__", LISTS)
)
