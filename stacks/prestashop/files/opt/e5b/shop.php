<?php
// Brings the shop up for a script at the command line, as its back office does.
$_SERVER += ['HTTP_HOST' => 'e5b.invalid', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'REMOTE_ADDR' => '127.0.0.1', 'SERVER_NAME' => 'e5b.invalid'];
define('_PS_ADMIN_DIR_', '/var/www/html/gestion');
define('PS_ADMIN_DIR', _PS_ADMIN_DIR_);
require_once '/var/www/html/config/config.inc.php';
