<?php
// What a site's server asks of others: the gateway is told of it, at its address in the station's own network of eight.
function e5b_gateway()
{
    // A spare isn't in that network yet: whoever gives it a place says which.
    $found = [getenv('E5B_ADDRESS')];
    foreach (array_diff_key(net_get_interfaces(), ['lo' => 1]) as $card) { // a spare's has another name than eth0
        $found = array_merge($found, array_column($card['unicast'] ?? [], 'address'));
    }
    $own = current(array_filter(array_map('ip2long', array_filter($found)))); // not those of IPv6
    return $own ? long2ip(($own & ~7) + 2) : '';
}
function e5b_tell_of($url, $gateway)
{
    $door = $gateway ? @stream_socket_client("tcp://$gateway:80", $code, $said, 0.3) : false;
    if ($door) {
        $host = preg_replace('/[^\w.:\[\]-]/', '', parse_url($url, PHP_URL_HOST) ?: '-');
        fwrite($door, 'GET ' . preg_replace('/[^\x21-\x7e]/', '', $url) . " HTTP/1.0\r\nHost: $host\r\nUser-Agent: e5b-poste\r\n\r\n");
        fclose($door);
    }
}
