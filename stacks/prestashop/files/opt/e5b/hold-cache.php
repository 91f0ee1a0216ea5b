<?php
// Before each page of the shop. It holds the shop's compiled parts (var/cache/prod) while it runs. Where a page has
// asked to forget them, as one does that switches a module, the next page removes them first: alone, and until its
// end, so that they are made anew once.
// The release removes them at the end of the page that asks, under those that read them or write in them. One of these
// answers 500 then, or puts the container back without its parts, and each page of the office is an error for good.
// The wish is a file, which a copy, a snapshot or a restart takes along; it stays until all is gone.
if ($_SERVER['SCRIPT_FILENAME'] === '/opt/e5b/health.php') {
    return;
}
// Where the address is https, all that comes here came so to the room's gateway, which speaks plainly to its stations.
if (is_array($e5bSite = @include '/var/lib/e5b/site/site.php') && !empty($e5bSite['https'])) {
    $_SERVER['HTTPS'] = 'on';
}
$e5bHeld = fopen(__FILE__, 're'); // closed in what a page starts: that may last
$e5bWish = '/var/www/html/var/cache/forget';
$e5bEmptied = function ($folder) {
    try {
        $all = new RecursiveDirectoryIterator($folder, FilesystemIterator::SKIP_DOTS);
        foreach (new RecursiveIteratorIterator($all, RecursiveIteratorIterator::CHILD_FIRST) as $one) {
            $one->isDir() && !$one->isLink() ? rmdir($one) : unlink($one);
        }
        return !(new FilesystemIterator($folder))->valid();
    } catch (UnexpectedValueException $e) { // it isn't there
        return !is_dir($folder);
    }
};
for ($e5bLast = microtime(true) + 15; is_file($e5bWish) && microtime(true) < $e5bLast; clearstatcache()) {
    if (!flock($e5bHeld, LOCK_EX | LOCK_NB)) {
        usleep(20000);
    } elseif (clearstatcache() || is_file($e5bWish)) { // else another was first
        $e5bEmptied('/var/www/html/var/cache/prod') && unlink($e5bWish);
        return;
    }
}
flock($e5bHeld, LOCK_SH);
