<?php
// Brings the shop up for a script at the command line, as its back office does; e5b_kernel() brings up what
// is written with Symfony.
$_SERVER += ['HTTP_HOST' => 'e5b.invalid', 'REQUEST_URI' => '/', 'REQUEST_METHOD' => 'GET', 'REMOTE_ADDR' => '127.0.0.1', 'SERVER_NAME' => 'e5b.invalid'];
define('_PS_ADMIN_DIR_', '/var/www/html/gestion');
define('PS_ADMIN_DIR', _PS_ADMIN_DIR_);
require_once '/var/www/html/config/config.inc.php';

// PrestaShop 9 has a kernel of its own for the back office. The shop's classes look for it in the global variable.
function e5b_kernel() {
    global $kernel;
    require_once _PS_ROOT_DIR_ . '/app/AppKernel.php';
    $kernel = class_exists('AdminKernel') ? new AdminKernel('prod', false) : new AppKernel('prod', false);
    $kernel->boot();
    return $kernel;
}
