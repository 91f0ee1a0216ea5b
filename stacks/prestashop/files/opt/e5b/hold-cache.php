<?php
// Before each page: it holds the shop's compiled parts while it runs, so that none goes under it (forget-cache.php).
$e5bHeld = fopen(__FILE__, 'r');
flock($e5bHeld, LOCK_SH);
