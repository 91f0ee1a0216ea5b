<?php
// Makes a golden shop one candidate's station, before the web server starts. Reads the station's JSON on
// standard input: {address, secret, time_zone, candidate: {user, password}}; without an address it leaves the
// image as it is. Runs again, to the same end, at each start.
require '/opt/e5b/done.php';
$station = json_decode(stream_get_contents(STDIN), true) ?: [];
if (!isset($station['address'], $station['secret'])) {
    exit(0);
}
$first = !file_exists('/var/lib/e5b/site/site.php');

function derived($station, $name) {
    return hash_hmac('sha256', $name, $station['secret'], true);
}
// The form in which the shop's encryption library keeps a key.
$key = "\xDE\xF0\x00\x00" . derived($station, 'new_cookie_key');
$site = [
    'cookie_key' => substr(bin2hex(derived($station, 'cookie_key')), 0, 56),
    'cookie_iv' => substr(bin2hex(derived($station, 'cookie_iv')), 0, 32),
    'new_cookie_key' => bin2hex($key . hash('sha256', $key, true)),
    'secret' => substr(bin2hex(derived($station, 'secret')), 0, 56),
];
$secure = strpos($station['address'], 'https://') === 0;
if ($secure) {
    $site['https'] = true; // for hold-cache.php
}
if (!$first) {
    // After a power cut the disk may have the names of what was just compiled, with nothing in them: see hold-cache.php.
    shell_exec("setpriv --reuid=www-data --regid=www-data --clear-groups sh -c 'cd /var/www/html/var/cache; find prod -name \"*.php\" -empty 2>/dev/null | grep -q ^prod && touch forget'");
    done($site);
}

$db = new PDO('mysql:unix_socket=/run/mysqld/mysqld.sock;dbname=site;charset=utf8mb4', 'root', '', [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
$db->beginTransaction();
// Only the first start: a copy for examination keeps the account as the candidate left it.
if (isset($station['candidate'])) {
    // Of the lowest cost: whoever can read it has the station already, and ten stations that start at once feel it.
    $hash = password_hash($station['candidate']['password'], PASSWORD_BCRYPT, ['cost' => 4]);
    $db->prepare('UPDATE ps_employee SET passwd = ? WHERE email = ?')->execute([$hash, $station['candidate']['user']]);
}
// The golden image was installed at an address that no station has.
$host = preg_replace('#^https?://#', '', $station['address']);
$db->prepare('UPDATE ps_shop_url SET domain = ?, domain_ssl = ?')->execute([$host, $host]);
$db->prepare("UPDATE ps_configuration SET value = ? WHERE name IN ('PS_SHOP_DOMAIN', 'PS_SHOP_DOMAIN_SSL')")->execute([$host]);
$db->prepare("UPDATE ps_homeslider_slides_lang SET url = REPLACE(url, 'http://e5b.invalid', ?)")->execute([$station['address']]);
if ($secure) {
    $db->exec("UPDATE ps_configuration SET value = '1' WHERE name IN ('PS_SSL_ENABLED', 'PS_SSL_ENABLED_EVERYWHERE')");
}
// Nor is it sure to have been built in this centre's time zone.
if (isset($station['time_zone'])) {
    $db->prepare("UPDATE ps_configuration SET value = ? WHERE name = 'PS_TIMEZONE'")->execute([$station['time_zone']]);
}
$db->commit();
done($site);
