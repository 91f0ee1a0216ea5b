<?php
// Removes the shop's compiled parts, the folder $dir, at the end of the request that asks for it, as a module
// that is switched on or off does. The release removes it under the requests that read it or write in it: one of
// them answers 500, or puts the container back without its parts, and then the whole back office does, for ever.
session_write_close();
$held = $GLOBALS['e5bHeld'] ?? fopen('/opt/e5b/hold-cache.php', 'r');
$last = microtime(true) + 15;
while (!($alone = flock($held, LOCK_EX | LOCK_NB)) && microtime(true) < $last) {
    usleep(20000);
}
// First what leads to the rest: a station that is copied or stopped half way makes all of it anew. While a
// request doesn't end, no more than that goes.
foreach (['class_index', 'appProdProjectContainer', 'AdminContainer', 'FrontContainer'] as $first) {
    if (is_file("$dir$first.php")) {
        unlink("$dir$first.php");
    }
}
if ($alone) {
    (new Symfony\Component\Filesystem\Filesystem())->remove($dir);
}
// Two requests that both make the index meet it half made.
PrestaShopAutoload::getInstance()->generateIndex();
flock($held, LOCK_SH);
