<?php
// Signs an examiner in by the copy's own database, whatever the candidate did to his account, and adds
// no user. Reads {role, address} on standard input; writes {user, cookies: {name: value}, nonce}.
$asked = json_decode(stream_get_contents(STDIN), true, flags: JSON_THROW_ON_ERROR);
$_SERVER['HTTP_HOST'] = preg_replace('#^https?://#', '', $asked['address']);
$_SERVER['REQUEST_URI'] = '/';
require_once '/var/www/html/wp-load.php';

$users = get_users(['role' => $asked['role'], 'orderby' => 'ID', 'number' => 1]);
if (!$users) {
    fwrite(STDERR, "aucun compte n'a le rôle {$asked['role']}\n");
    exit(3);
}
$user = $users[0]->ID;
$expiration = time() + 12 * HOUR_IN_SECONDS;
$token = WP_Session_Tokens::get_instance($user)->create($expiration);
$cookies = [
    (is_ssl() ? SECURE_AUTH_COOKIE : AUTH_COOKIE) => wp_generate_auth_cookie($user, $expiration, is_ssl() ? 'secure_auth' : 'auth', $token),
    LOGGED_IN_COOKIE => wp_generate_auth_cookie($user, $expiration, 'logged_in', $token),
];
$_COOKIE[LOGGED_IN_COOKIE] = $cookies[LOGGED_IN_COOKIE];
wp_set_current_user($user);
echo json_encode(['user' => $users[0]->user_login, 'cookies' => $cookies, 'nonce' => wp_create_nonce('wp_rest')]);
