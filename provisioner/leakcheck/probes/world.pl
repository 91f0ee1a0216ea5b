# The Internet of a proof: answers whatever is asked, in the form that the port has, and always with its mark.
#   perl world.pl TCP-PORT,… UDP-PORT,…
use strict;
use warnings;
use Socket qw(:all);
use IO::Select;
use IO::Socket::IP;

my $mark = 'E5B-DEHORS';
my ($streams, $datagrams) = map { [ split /,/ ] } @ARGV;
my (%listening, %datagram, %port);
my $select = IO::Select->new;
for my $port (@$streams) {
    for my $any ('0.0.0.0', '::') {
        my $socket = IO::Socket::IP->new(LocalHost => $any, LocalPort => $port, Listen => 64, ReuseAddr => 1, V6Only => 1) or next;
        $listening{ fileno $socket } = $port;
        $select->add($socket);
    }
}
for my $port (@$datagrams) {
    for my $any ('0.0.0.0', '::') {
        my $socket = IO::Socket::IP->new(LocalHost => $any, LocalPort => $port, Proto => 'udp', ReuseAddr => 1, V6Only => 1) or next;
        setsockopt($socket, IPPROTO_IP, IP_ADD_MEMBERSHIP, pack_ip_mreq(inet_aton('224.0.0.251'))) if $any eq '0.0.0.0';
        setsockopt($socket, IPPROTO_IPV6, IPV6_JOIN_GROUP, pack_ipv6_mreq(inet_pton(AF_INET6, 'ff02::fb'), 0)) if $any eq '::';
        $datagram{ fileno $socket } = $port;
        $select->add($socket);
    }
}
print "ready\n";
STDOUT->flush;

# A DNS answer to any question: the mark as TXT, 203.0.113.10 as A.
sub named {
    my ($query) = @_;
    my ($length, $at) = (0, 12);
    $at += 1 + ord substr($query, $at, 1) while $at < length($query) && ord substr($query, $at, 1);
    my $question = substr $query, 12, $at - 12 + 5;
    my $type = unpack 'n', substr($query, $at + 1, 2);
    my $data = $type == 16 ? pack('C/a*', $mark) : $type == 1 ? pack('C4', 203, 0, 113, 10) : '';
    my $answers = length $data ? 1 : 0;
    return substr($query, 0, 2) . pack('nnnnn', 0x8180, 1, $answers, 0, 0) . $question
        . ($answers ? pack('nnnNn/a*', 0xc00c, $type, 1, 60, $data) : '');
}

sub answer {
    my ($port, $said) = @_;
    return pack('n/a*', named(substr $said, 2)) if $port == 53 && length $said > 14;
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n$mark" if $said =~ /^GET .*\r\nUpgrade: websocket/si;
    # The mark is where it leads.
    return "HTTP/1.1 302 Found\r\nLocation: http://203.0.113.10/ailleurs\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" if $said =~ m{^GET \S*/redirect};
    if ($said =~ m{^[A-Z]+ \S+ HTTP/}) {
        my $body = $said =~ m{^GET \S*\.rss} ? "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>$mark</title><link>http://x/</link><description>x</description><item><title>$mark</title><link>http://x/</link></item></channel></rss>" : $mark;
        my $type = $said =~ m{^GET \S*\.rss} ? 'application/rss+xml' : 'text/html';
        return "HTTP/1.1 200 OK\r\nContent-Type: $type\r\nX-Pingback: http://203.0.113.10/xmlrpc\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    }
    return "\x15\x03\x03\x00\x02\x02\x28$mark" if ord(substr $said, 0, 1) == 0x16;
    return "220 $mark ready\r\n";
}

while (1) {
    for my $socket ($select->can_read) {
        my $number = fileno $socket;
        if (exists $listening{$number}) {
            my $made = $socket->accept or next;
            $made->blocking(0);
            $port{ fileno $made } = $listening{$number};
            $select->add($made);
            syswrite $made, "220 $mark ready\r\n" if $listening{$number} =~ /^(21|22|25|587|3306)$/;
        } elsif (exists $datagram{$number}) {
            my $from = recv $socket, my $said, 4096, 0;
            next unless defined $from && length $said;
            my $port = $datagram{$number};
            send $socket, ($port == 53 && length $said > 12 ? named($said) : "$mark " . substr($said, 0, 32)), 0, $from;
        } else {
            my $count = sysread $socket, my $said, 65536;
            if ($count) { syswrite $socket, answer($port{$number}, $said); }
            else { $select->remove($socket); delete $port{$number}; close $socket; }
        }
    }
}
