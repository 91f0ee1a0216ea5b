"""WordPress: the checks, and the words of its screens.

A module with a `Check` in it is named after what it checks: `menu`, `galeries`, `yoast`. What belongs to one of those is
named after it (`menu_tree`, `content_verdicts`). The words stand in `pages`, `screens`, `editor`, `customizer`,
`builder` and the modules called `…_screens`; what a visitor reads, in `reading` and `areas`.
"""
