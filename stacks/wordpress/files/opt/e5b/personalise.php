<?php
// Makes a golden WordPress one candidate's station, before the web server starts. Reads the station's
// JSON on standard input: {address, cron, secret, time_zone, candidate: {user, password}}; without an address
// it leaves the image as it is. Cron is off in a copy for examination. Runs again, to the same end, at each start.
require '/opt/e5b/done.php';
require '/opt/e5b/tell.php';
$station = json_decode(stream_get_contents(STDIN), true) ?: [];
if (!isset($station['address'], $station['secret'])) {
    exit(0);
}

$salts = [];
foreach (['AUTH_KEY', 'SECURE_AUTH_KEY', 'LOGGED_IN_KEY', 'NONCE_KEY', 'AUTH_SALT', 'SECURE_AUTH_SALT', 'LOGGED_IN_SALT', 'NONCE_SALT'] as $name) {
    $salts[$name] = hash_hmac('sha512', $name, $station['secret']);
}
$first = !file_exists('/var/lib/e5b/site/site.php');
$pages = ['hosts' => $station['pages'] ?? [], 'at' => e5b_gateway()]; // where the room's pages are
$site = ['address' => $station['address'], 'pages' => $pages, 'cron' => ($station['cron'] ?? true) && !getenv('E5B_COPY'), 'salts' => $salts];
if (!$first) {
    done($site);
}

mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
$db = new mysqli('localhost', 'root', '', 'site', 0, '/run/mysqld/mysqld.sock');
$db->set_charset('utf8mb4');
$db->begin_transaction();
// Only the first start: a copy for examination keeps the account as the candidate left it.
if (isset($station['candidate'])) {
    require '/var/www/html/wp-includes/class-phpass.php';
    $hash = (new PasswordHash(8, true))->HashPassword($station['candidate']['password']);
    $set = $db->prepare('UPDATE wp_users SET user_pass = ? WHERE user_login = ?');
    $set->execute([$hash, $station['candidate']['user']]);
}
// The golden image was seeded at an address that no station has.
foreach (['wp_posts' => ['post_content', 'guid'], 'wp_comments' => ['comment_content', 'comment_author_url']] as $table => $columns) {
    foreach ($columns as $column) {
        $set = $db->prepare("UPDATE $table SET $column = REPLACE($column, 'http://e5b.invalid', ?) WHERE $column LIKE '%http://e5b.invalid%'");
        $set->execute([$station['address']]);
    }
}
$set = $db->prepare("UPDATE wp_postmeta SET meta_value = REPLACE(meta_value, 'http://e5b.invalid', ?) WHERE meta_key = '_menu_item_url'");
$set->execute([$station['address']]);
// Nor is it sure to have been built in this centre's time zone.
if (isset($station['time_zone'])) {
    $set = $db->prepare("UPDATE wp_options SET option_value = ? WHERE option_name = 'timezone_string'");
    $set->execute([$station['time_zone']]);
}
$db->commit();
done($site);
