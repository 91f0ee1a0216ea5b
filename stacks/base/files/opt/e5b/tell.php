<?php
// What a site's server asks of others: the gateway is told of it, at its address in the station's own network of eight.
function e5b_gateway()
{
    // A spare isn't in that network yet: whoever gives it a place says which.
    $own = ip2long(getenv('E5B_ADDRESS') ?: net_get_interfaces()['eth0']['unicast'][1]['address'] ?? '');
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
