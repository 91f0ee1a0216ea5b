"""The script that reads an article, on its page or in a piece of HTML."""

from checks.visibility import SAID_JS, UNSEEN_JS

#: Lists that the site makes of its other contents: what they show isn't of the content that they stand in.
MADE = (
    ".wp-block-query, .wp-block-rss, .wp-block-latest-posts, .wp-block-latest-comments, .wp-block-calendar, "
    ".wp-block-archives, .wp-block-categories, .wp-block-tag-cloud, .wp-block-page-list, .wp-block-navigation, "
    ".wp-block-comments"
)

#: Those of them that somebody may put in to link his text to other contents.
LISTS = ".wp-block-navigation, .wp-block-page-list, .wp-block-latest-posts"

#: The copies that a carousel makes of its first and last slides, to go round.
AGAIN = ".swiper-slide-duplicate, .slick-cloned"

# Reads the article of this number on the page, or a piece of HTML. Lists that the site makes of its
# other contents are left out (`made` has the links of some), and a link without words or picture is none. `visibly`
# leaves out what no visitor can come to see.
READ_JS = (
    r"""async ([what, visibly]) => {
    const root = typeof what === 'number'
        ? document.querySelector(`#post-${what} .entry-content`) || document.querySelector('.entry-content')
            || document.querySelector('main') || document.body
        : new DOMParser().parseFromString(what, 'text/html').body;
    const parts = [...root.querySelectorAll('a.post-page-numbers[href]')].map(a => a.getAttribute('href'));
    const made = 'script, style, noscript, template, .wp-lightbox-overlay, .post-nav-links, .page-links, __AGAIN__, __MADE__';
    __SAID__
    __UNSEEN__
    const out = node => node.matches(made), away = text => visibly && Boolean(text.data.trim() && unseen(text));
    // Said to who listens, not shown to who reads.
    const aloud = '.wp-block-social-link-label.screen-reader-text, .mejs-offscreen, .mejs-container';
    const behind = '.wp-block-cover__image-background:not(img)';
    const left = node => node.closest(made) || (visibly && unseen(node, node.matches(behind)));
    if (visibly && root.ownerDocument === document) await settled(root.querySelectorAll('p, li, td, a, img, h1, h2, h3, h4, h5, h6'));
    const seen = {text: '', headings: [], images: [], links: [], made: [], parts};
    seen.text = tidy(said(root, node => out(node) || node.matches(aloud), away));
    const wanted = 'h1, h2, h3, h4, h5, h6, img, a[href], .wp-block-cover__image-background:not(img)';
    for (const node of root.querySelectorAll('__LISTS__')) {
        if (visibly && unseen(node)) continue;
        for (const link of node.querySelectorAll('a[href]')) {
            const words = visibly && unseen(link) ? '' : said(link).trim();
            if (words) seen.made.push([link.getAttribute('href'), words]);
        }
    }
    for (const node of root.querySelectorAll(wanted)) {
        if (left(node)) continue;
        if (node.matches(behind)) {
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
            seen.headings.push([Number(node.tagName[1]), said(node, out, away)]);
        }
    }
    return seen;
}""".replace("__UNSEEN__", UNSEEN_JS)
    .replace("__SAID__", SAID_JS)
    .replace("__AGAIN__", AGAIN)
    .replace("__MADE__", MADE)
    .replace("__LISTS__", LISTS)
)
