<?php
$seed = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
require_once '/opt/e5b/shop.php';
