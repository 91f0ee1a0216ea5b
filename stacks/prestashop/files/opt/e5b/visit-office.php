<?php
// Opens every page of the back office's menu once, as the candidate, so that what the shop compiles at
// the first look is part of the golden image; then forgets the visit. Runs as root, with the site in service.
$ask = json_encode(['role' => 'administrator', 'address' => 'http://e5b.invalid']);
$signed = json_decode(shell_exec('echo ' . escapeshellarg($ask) . ' | setpriv --reuid=www-data --regid=www-data --clear-groups php /opt/e5b/sign-in.php'), true);
$cookies = '';
foreach ($signed['cookies'] as $name => $value) {
    $cookies .= "$name=$value; ";
}
$handle = curl_init();
curl_setopt_array($handle, [
    CURLOPT_RETURNTRANSFER => true, CURLOPT_FOLLOWLOCATION => true, CURLOPT_TIMEOUT => 60,
    CURLOPT_CONNECT_TO => ['::127.0.0.1:80'], CURLOPT_COOKIE => $cookies, CURLOPT_COOKIEFILE => '',
]);
function page($url) {
    global $handle;
    curl_setopt($handle, CURLOPT_URL, $url);
    $page = curl_exec($handle);
    $status = curl_getinfo($handle, CURLINFO_RESPONSE_CODE);
    if ($status >= 500 || $status === 0) {
        fwrite(STDERR, "$status at $url\n");
        exit(1);
    }
    return $page;
}
function absolute($link) {
    return strpos($link, 'http') === 0 ? $link : ($link[0] === '/' ? "http://e5b.invalid$link" : "http://e5b.invalid/gestion/$link");
}
// PrestaShop 9 leads from the folder alone to the dashboard, with the token that it asks for.
$start = is_file('/var/www/html/app/AdminKernel.php') ? '' : 'index.php?controller=AdminDashboard';
$dashboard = page("http://e5b.invalid/gestion/$start");
preg_match_all('#href="(http://e5b\.invalid/gestion/[^"]+|/gestion/[^"]+|index\.php\?controller=[^"]+)"#', $dashboard, $found);
// Opening the form of a new product makes one.
$links = array_unique(preg_grep('#logout|AdminDashboard|products/new#', array_map('html_entity_decode', $found[1]), PREG_GREP_INVERT));
if (count($links) < 30) {
    fwrite(STDERR, 'only ' . count($links) . ' links on the dashboard: ' . substr(strip_tags($dashboard), 0, 200) . "\n");
    exit(1);
}
foreach ($links as $link) {
    $list = page(absolute($link));
    // One sheet of each list: a product's, an order's, a customer's.
    if (preg_match('#href="([^"]*/sell/[a-z/-]+/\d+(/edit|/view)?\?[^"]*)"#', $list, $sheet)) {
        page(absolute(html_entity_decode($sheet[1])));
    }
}

$db = new PDO('mysql:unix_socket=/run/mysqld/mysqld.sock;dbname=site', 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
foreach (['connections', 'connections_page', 'connections_source', 'guest', 'page', 'page_viewed', 'log', 'employee_session', 'customer_session', 'pagenotfound'] as $table) {
    $db->exec("TRUNCATE ps_$table");
}
array_map('unlink', glob('/var/lib/php/sessions/sess_*'));
// Each view of a page leaves its own frame, which is never read again.
shell_exec('find /var/www/html/var/cache/prod -maxdepth 2 -name twig -type d | xargs grep -rl __string_template__ | xargs -r rm');
shell_exec('rm -rf /var/www/html/var/cache/prod/ps_mainmenu /var/www/html/var/cache/prod/smarty/cache /var/www/html/var/logs/*.log');
// The shop reads its parameters from this copy, which must not be the golden image's own.
file_put_contents('/var/www/html/var/cache/prod/appParameters.php', "<?php return require '/var/www/html/app/config/parameters.php';\n");
